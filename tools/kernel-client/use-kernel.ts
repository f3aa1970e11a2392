import assert from "node:assert/strict";
import { after, afterEach, beforeEach } from "node:test";
import { KernelClient } from "./client.js";
import type { ProcessOptions } from "./kernel-process.js";

/**
 * One kernel for all tests of a file. A test that leaves a request unanswered gets its kernel replaced, so that it
 * does not fail those after it. After each test every message received must have followed the protocol.
 *
 * @returns a function that gives the running kernel.
 */
export function useKernel(options: ProcessOptions = {}): () => KernelClient {
  let client: KernelClient | undefined;

  beforeEach(async () => {
    client ??= await KernelClient.start(options);
  });

  afterEach(async () => {
    if (client === undefined) return;
    const { violations } = client;
    const description = client.describe();
    if (client.unusable) {
      await client.dispose();
      client = undefined;
    }
    const found = violations.splice(0);
    assert.deepEqual(found, [], `messages against the protocol\n${description}`);
  });

  after(async () => {
    await client?.dispose();
  });

  return () => {
    assert.ok(client, "the kernel did not start");
    return client;
  };
}
