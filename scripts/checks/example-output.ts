/**
 * Compares what an example printed with its comments: one at the end of a `console.log` line says what that line prints,
 * one after the expression of the last line which value a cell shows.
 *
 * @param place - where the example stands, for the message
 * @param code - the example
 * @param output - the lines that came
 * @returns one line if what is promised did not come, in this order
 */
export function mismatch(place: string, code: string, output: readonly string[]): string[] {
  const promised = /^\s*console\.log\(.*\);?[ \t]*\/\/[ \t]*(.+?)[ \t]*$/gm;
  const expected = [...code.matchAll(promised)].map((match) => match[1] ?? "");
  const [, result] = /(?:^|\n)(?!\s*console\.)[^\n]*[^;\s/{][ \t]*\/\/[ \t]*([^\n]+?)\s*$/.exec(code) ?? [];
  if (result !== undefined) expected.push(result);
  let next = 0;
  for (const line of output) if (line === expected[next]) next += 1;
  if (next === expected.length) return [];
  return [
    `${place}: prints ${JSON.stringify(output.join("\n"))}, but promises ${JSON.stringify(expected[next])}`,
  ];
}
