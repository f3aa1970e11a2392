import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";
import { run } from "../../tools/kernel-client/index.js";
import { type Interface, pythonSource, pythonWith, succeed } from "./environment.js";
import { writeNotebook } from "./sums.js";

/** Every state that a test can end in, and characters that XML has names for or does not have. */
const CELLS = [
  `import { describe, test } from "rnnlab/testing";
describe("a <b>", () => {
  test("ok & \\u0007", () => {});
  test("bad", () => { throw new Error("]]> \\ud800 <x>"); });
  test.skip("later", () => {});
  test.todo("some day");
});`,
  'throw new TypeError("outside of tests");',
];

/** Prints what breaks the schema, then the tests as the reader knows them. */
const READ = `
import json, sys, xmlschema, junitparser
report, schema = sys.argv[1:]
broken = [f"{error.path}: {error.reason}" for error in xmlschema.XMLSchema(schema).iter_errors(report)]
cases = [[case.name, [type(each).__name__ for each in case.result]]
         for suite in junitparser.JUnitXml.fromfile(report) for case in suite]
print(json.dumps({"broken": broken, "cases": cases}))
`;

/** The report of `rnnlab test`, by Jenkins's schema as pytest has it for its own, and by a reader of JUnit's XML. */
export const junit: Interface = {
  name: "JUnit's XML",
  async drive({ directory, env }) {
    const bin = await pythonWith("junitparser==5.0.3", "xmlschema==4.3.2");
    const schema = join(await pythonSource("pytest==8.4.2"), "testing/example_scripts/junit-10.xsd");
    const folder = join(directory, "junit");
    mkdirSync(folder, { recursive: true });
    writeNotebook(folder, "states.ipynb", CELLS);
    const command = [join(packageRoot, "dist/cli/main.js"), "test", "states.ipynb", "--junit", "junit.xml"];
    const { status, stderr } = await run(process.execPath, command, { cwd: folder, env });
    assert.equal(status, 1, stderr);
    const { stdout } = await succeed(join(bin, "python"), ["-c", READ, "junit.xml", schema], { cwd: folder });
    assert.deepEqual(JSON.parse(stdout), {
      broken: [],
      cases: [
        ["a <b> > ok & \uFFFD", []],
        ["a <b> > bad", ["Failure"]],
        ["a <b> > later", ["Skipped"]],
        ["a <b> > some day", ["Skipped"]],
        ["cell 2 runs", ["Failure"]],
      ],
    });
  },
};
