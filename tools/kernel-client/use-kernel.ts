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
    const found = client.violations.splice(0);
    // Said only where it is needed: some tests receive hundreds of megabytes.
    const description = found.length === 0 ? "" : client.describe();
    if (client.unusable) {
      await client.dispose();
      client = undefined;
    }
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
