import assert from "node:assert/strict";
import { test } from "node:test";
import { heavyEnglish, sentencesOf } from "../../../scripts/checks/english.js";

const words = (count: number) => `${"word ".repeat(count - 1)}word.`;
const problems = (text: string) => heavyEnglish({ path: "p.md", text });

test("sentencesOf() finds sentences of paragraphs and lists, without headings, tables and code", () => {
  const text = `# A heading. Two
One sentence with \`code. Inside\`. Another
one ([a link](x.md)).

- an item
- Two. Sentences.

| a | table. Here |
|---|---|

\`\`\`ts
code. Here
\`\`\`
1. a step`;
  assert.deepEqual(sentencesOf(text), [
    "One sentence with Code.",
    "Another one (a link).",
    "an item",
    "Two.",
    "Sentences.",
    "a step",
  ]);
});

test("heavyEnglish() allows 18 words in the mean and 40 in a sentence, and no more", () => {
  assert.deepEqual(problems(`${words(18)}\n\n${words(18)}`), []);
  assert.match(
    problems(`${words(18)}\n\n${words(19)}`).join(),
    /^p\.md: sentences have 18\.5 words in the mean/,
  );
  const short = "- one\n".repeat(20);
  assert.deepEqual(problems(`${short}\n${words(40)}`), []);
  assert.match(
    problems(`${short}\n${words(41)}`).join(),
    /^p\.md: a sentence has 41 words, more than 40: "word/,
  );
});

test("heavyEnglish() names habits with their lines, and what to write instead", () => {
  assert.deepEqual(problems("It is\nbehind the layer, in three of which, say, nothing is."), [
    'p.md:2: "of which": begin a new sentence',
    'p.md:2: "behind": write "after", or name the place',
    'p.md:2: ", say,": write "for example"',
  ]);
  assert.deepEqual(problems("It leaves nothing behind. `behind` is code."), []);
});
