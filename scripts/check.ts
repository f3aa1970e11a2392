// `npm run check`: everything that is checked besides the tests.
import { checks, runChecks } from "./checks/index.js";

async function main(): Promise<void> {
  const { passed, failed } = await runChecks(checks, (line) => console.log(line));
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

void main();
