import ts from "typescript";

const INDENT = 2;

/** Formats code as TypeScript's own formatter does: blanks and indentation, and no line breaks. */
export async function formatWithTypeScript(code: string, extension: string): Promise<string> {
  const file = `/cell${extension}`;
  const service = ts.createLanguageService({
    getCompilationSettings: () => ({ noLib: true, allowJs: true }),
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => (name === file ? ts.ScriptSnapshot.fromString(code) : undefined),
    getCurrentDirectory: () => "/",
    getDefaultLibFileName: () => "lib.d.ts",
    fileExists: (name) => name === file,
    readFile: (name) => (name === file ? code : undefined),
  });
  const options = { ...ts.getDefaultFormatCodeSettings("\n"), indentSize: INDENT, tabSize: INDENT };
  const edits = service.getFormattingEditsForDocument(file, options);
  return edits
    .toSorted((a, b) => b.span.start - a.span.start)
    .reduce(
      (text, { span, newText }) => text.slice(0, span.start) + newText + text.slice(span.start + span.length),
      code,
    );
}
