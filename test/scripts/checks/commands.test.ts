import assert from "node:assert/strict";
import { test } from "node:test";
import { unknownCommands } from "../../../scripts/checks/commands.js";

const commands = {
  scripts: ["test", "lab", "bench"],
  programs: ["rnnlab", "biome"],
  rnnlab: ["install"],
  options: ["user", "workloads"],
};
const problems = (code: string) =>
  unknownCommands([{ path: "p.md", text: `x\n\`\`\`sh\n${code}\n\`\`\`\n` }], commands);

test("unknownCommands() accepts scripts, programs, their options, and what readers have themselves", () => {
  const known = [
    "npm ci && npx rnnlab install --user   # with a comment --no",
    "npm run bench -- training --workloads 7,8",
    "npm run lab -- --port 9000",
    "RNNLAB_SIZE=quick npm test -- plot",
    "npx -p node@24 node x.js",
    "jupyter nbconvert --to html \\\n  'a && b'",
  ];
  assert.deepEqual(problems(known.join("\n")), []);
});

test("unknownCommands() names what does not exist, with page and line", () => {
  assert.deepEqual(problems("npm run gone"), ["p.md:2: npm run gone: package.json has no script gone"]);
  for (const [code, problem] of [
    ["npx rnnlab fly", /rnnlab has no command fly$/],
    ["npx eslint .", /npx finds no eslint$/],
    ["npm run bench -- --peer x", /nothing reads --peer$/],
    ["npx rnnlab install --global", /nothing reads --global$/],
    ["python test/golden/none.py", /there is no test\/golden\/none\.py$/],
    ["no-such-program-here", /there is no no-such-program-here$/],
  ] as const) {
    assert.match(problems(code).join(), problem);
  }
});
