import { hostname } from "node:os";
import { countsOf } from "./report.js";
import type { CellTest, NotebookTests } from "./run-tests.js";

/**
 * Writes tests as JUnit's XML, by the schemas of Ant and of Jenkins: a notebook is a suite, a cell is a class.
 *
 * @param tested - the notebooks with their tests
 * @returns the file's text
 */
export function junitXml(tested: readonly NotebookTests[]): string {
  const suites = tested.map(suiteOf).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites}</testsuites>\n`;
}

function suiteOf({ notebook, tests, seconds }: NotebookTests, id: number): string {
  const { failed, skipped, todo } = countsOf(tests);
  const attributes = attributesOf({
    id,
    name: notebook,
    package: "notebooks",
    timestamp: new Date().toISOString().slice(0, 19),
    hostname: hostname(),
    tests: tests.length,
    failures: failed,
    errors: 0,
    skipped: skipped + todo,
    time: seconds.toFixed(3),
  });
  const cases = tests.map((test) => caseOf(notebook, test)).join("");
  return `  <testsuite${attributes}>\n    <properties/>\n${cases}    <system-out/>\n    <system-err/>\n  </testsuite>\n`;
}

function caseOf(notebook: string, { name, cell, status, milliseconds, error = "" }: CellTest): string {
  const classname = `${notebook}.cell ${cell}`;
  const start = `    <testcase${attributesOf({ name, classname, time: (milliseconds / 1000).toFixed(3) })}`;
  if (status === "passed") return `${start}/>\n`;
  const [message = ""] = error.split("\n");
  const inside =
    status === "failed"
      ? `<failure${attributesOf({ message, type: "failure" })}>${escaped(error)}</failure>`
      : "<skipped/>";
  return `${start}>\n      ${inside}\n    </testcase>\n`;
}

const attributesOf = (attributes: Readonly<Record<string, string | number>>): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replace(/[\n\t]/g, reference)}"`)
    .join("");

/** How XML names a character that its readers would change. */
const reference = (character: string): string => `&#${character.charCodeAt(0)};`;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** XML has no other control characters than these, and no halves of characters. */
const escaped = (text: string): string =>
  text
    .replace(/[^\n\r\t\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
    .replaceAll("\r", reference);
