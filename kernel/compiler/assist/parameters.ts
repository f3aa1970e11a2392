import ts from "typescript";
import type { Parameter } from "../../shared/compiler-messages.js";

/** A variable of a cell that can be set from outside. */
interface ParameterVariable {
  readonly name: ts.Identifier;
  readonly keyword: "const" | "let" | "var";
  /** Its type, if it is written down. */
  readonly annotation: string | undefined;
}

const KEYWORDS = [
  [ts.NodeFlags.Const, "const"],
  [ts.NodeFlags.Let, "let"],
] as const;

/** The variables that a cell declares at its top level. */
export function parameterVariables(file: ts.SourceFile): ParameterVariable[] {
  return listsOf(file).flatMap((list) => {
    const keyword = KEYWORDS.find(([flag]) => (list.flags & ts.NodeFlags.BlockScoped) === flag)?.[1] ?? "var";
    return list.declarations.flatMap(({ name, type }) =>
      namesIn(name).map((each) => ({
        name: each,
        keyword,
        annotation: each === name ? type?.getText(file) : undefined,
      })),
    );
  });
}

/**
 * A cell with its constants as variables, in which everything keeps its place: the type of `let rate = 0.1` is `number`,
 * that of `const rate = 0.1` the one value.
 */
export function withVariables(file: ts.SourceFile): string {
  let text = file.text;
  for (const list of listsOf(file)) {
    if ((list.flags & ts.NodeFlags.BlockScoped) !== ts.NodeFlags.Const) continue;
    const start = list.getStart(file);
    text = `${text.slice(0, start)}let  ${text.slice(start + "const".length)}`;
  }
  return text;
}

/**
 * Functions that return a value each, in place of a variable: what is wrong with them is why it cannot.
 *
 * @param fits - names with expressions
 * @param offset - where the text will stand in its file
 */
export function fittingFunctions(
  fits: readonly (readonly [name: string, expression: string])[],
  offset: number,
): { readonly text: string; readonly spans: readonly { readonly start: number; readonly end: number }[] } {
  let text = "";
  const spans = fits.map(([name, expression]) => {
    // In a function of its own a variable has the type that it was declared with, whatever it was given.
    text += `\nfunction __fit_${text.length}(): typeof ${name} { `;
    const start = offset + text.length;
    text += `return ${expression};`;
    const span = { start, end: offset + text.length };
    text += " }";
    return span;
  });
  return { text, spans };
}

/**
 * What is told of the variables.
 *
 * @param current - the file in which constants are variables
 * @param isPlain - whether the language has no place for types
 */
export function describeParameters(
  variables: readonly ParameterVariable[],
  checker: ts.TypeChecker,
  current: ts.SourceFile,
  isPlain: boolean,
): Omit<Parameter, "problems">[] {
  const names = new Map(parameterVariables(current).map(({ name }) => [name.text, name]));
  return variables.map(({ name, keyword, annotation }) => {
    const type = annotation ?? writtenType(checker, names.get(name.text) ?? name);
    const file = name.getSourceFile();
    return {
      name: name.text,
      keyword,
      annotation: isPlain ? undefined : type,
      type: type ?? "any",
      line: file.getLineAndCharacterOfPosition(name.getStart(file)).line + 1,
    };
  });
}

/** The type of a variable as a later cell can write it; undefined where it cannot. */
function writtenType(checker: ts.TypeChecker, name: ts.Identifier): string | undefined {
  const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;
  const type = checker.typeToString(checker.getTypeAtLocation(name), name, flags);
  return /\bimport\(|\btypeof\b|^any$/.test(type) ? undefined : type;
}

function listsOf(file: ts.SourceFile): ts.VariableDeclarationList[] {
  return file.statements
    .filter(ts.isVariableStatement)
    .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) !== true)
    .map(({ declarationList }) => declarationList);
}

function namesIn(name: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesIn(element.name) : []));
}
