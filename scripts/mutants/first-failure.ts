import type { TestEvent } from "node:test/reporters";

/** A reporter of Node's test runner that ends a test file with its first failure: what else it would tell is not asked. */
async function* firstFailure(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type !== "test:fail" || data.todo !== undefined) continue;
    yield `${data.name}: ${data.details.error.message}\n`;
    // What it has printed is written first.
    setImmediate(() => process.exit(1));
  }
}

export = firstFailure;
