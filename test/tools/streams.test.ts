import assert from "node:assert/strict";
import { test } from "node:test";
import { joinStreams } from "../../tools/kernel-client/streams.js";

const stream = (name: string, text: string | string[]) => ({ output_type: "stream", name, text });

test("joinStreams() joins what is written to one stream in a row, and nothing across another output", () => {
  const result = { output_type: "execute_result" };
  assert.deepEqual(
    joinStreams([
      stream("stdout", ["a\n", "b"]),
      stream("stdout", "c\n"),
      stream("stderr", "d"),
      stream("stdout", "e"),
      result,
      stream("stdout", "f"),
      stream("stdout", ["g"]),
    ]),
    [
      stream("stdout", "a\nbc\n"),
      stream("stderr", "d"),
      stream("stdout", "e"),
      result,
      stream("stdout", "fg"),
    ],
  );
  assert.deepEqual(joinStreams([]), []);
});
