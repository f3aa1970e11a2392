import assert from "node:assert/strict";
import { test } from "node:test";
import { pageProblems } from "../../../scripts/checks/page-examples.js";

const fenced = (language: string, code: string, note = "") =>
  `${note ? `<!-- ${note} -->\n` : ""}\`\`\`${language}\n${code}\n\`\`\`\n`;
const problems = (...blocks: string[]) => pageProblems([{ path: "p.md", text: blocks.join("\n") }]);

test("pageProblems() runs a page as a notebook, and compares what cells print and show with their comments", async () => {
  assert.deepEqual(
    await problems(
      fenced("ts", "let n = 1;\nn += 1;\nconsole.log(n); // 2"),
      fenced("ts", "n + 1 // 3"),
      fenced("js", "total = 4;\ntotal // 4"),
      fenced("sh", "no code of ours"),
    ),
    [],
  );
  assert.deepEqual(await problems(fenced("ts", "1 + 1 // 3"), fenced("ts", "throw new RangeError('no')")), [
    'p.md:1: prints "2", but promises "3"',
    "p.md:5: RangeError: no",
  ]);
});

test("pageProblems() checks types strictly, unless a note says that the block is loose", async () => {
  const code = "const f = (x) => x;\nf(1) // 1";
  assert.match((await problems(fenced("ts", code))).join(), /^p\.md:1: TypeScriptError: TS7006/);
  assert.deepEqual(await problems(fenced("ts", code, "loose")), []);
});

test("pageProblems() types answers in, expects failures, and leaves out what a note gives a reason for", async () => {
  const question = "const name = prompt('Who?');\nname // 'Ada'";
  const failing = "throw new TypeError('no')";
  assert.deepEqual(
    await problems(
      fenced("ts", question, "answers: Ada"),
      fenced("ts", failing, "fails: TypeError: no"),
      fenced("ts", failing, "not run: it fails"),
    ),
    [],
  );
  assert.deepEqual(await problems(fenced("ts", "1", "fails: TypeError"), fenced("ts", failing, "not run:")), [
    "p.md:2: must fail with TypeError, got no error",
    "p.md:7: TypeError: no",
  ]);
});
