// `npm run check`: everything that is checked besides the tests.
import { checks, runChecks } from "./checks/index.js";
import { runMain } from "./run-main.js";

async function main(): Promise<number> {
  const { passed, failed } = await runChecks(checks, (line) => console.log(line));
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

runMain(main);
