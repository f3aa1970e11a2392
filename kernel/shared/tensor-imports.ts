/** What a text has that imports rnnlab or TensorFlow.js. In the JSON of a notebook there is a backslash before quotes. */
const IMPORT = /["'](?:npm:)?(?:rnnlab|@tensorflow\/[\w-]+)(?:\/|\\?["'])/;

/** Whether a text imports what has the types of tensors. */
export const importsTensors = (text: string): boolean => IMPORT.test(text);

/** One `import` declaration of values, with what stands before it: white space and comments. */
const FIRST_IMPORT =
  /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*import\b(?!\s*type\b)(?:[^"'`();]*\bfrom)?\s*(["'][^"'\n]+["']);?/;

/** What a cell imports of that, in declarations with which it begins: its other code cannot keep them from being loaded. */
export function leadingTensorImports(text: string): string[] {
  const [whole = "", quoted = ""] = FIRST_IMPORT.exec(text) ?? [];
  if (whole === "") return [];
  const others = leadingTensorImports(text.slice(whole.length));
  return importsTensors(quoted) ? [quoted.slice(1, -1), ...others] : others;
}
