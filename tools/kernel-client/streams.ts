interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: string | readonly string[];
}

/**
 * Joins what a cell wrote to one stream without another output in between.
 *
 * Into how many messages it was cut is a matter of time: slow prints come in several.
 *
 * @param outputs - of a cell, in order
 * @returns them with each stretch of a stream as one output
 */
export function joinStreams<T extends Output>(outputs: readonly T[]): T[] {
  const result: T[] = [];
  for (const output of outputs) {
    const last = result.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name)
      result[result.length - 1] = { ...last, text: [last, output].flatMap(({ text = "" }) => text).join("") };
    else result.push(output);
  }
  return result;
}
