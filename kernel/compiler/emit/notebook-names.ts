import ts from "typescript";
import { boundNames } from "../syntax/declarations.js";

/** What TypeScript 6 keeps out of its declarations, and this package fixes the version of. */
interface BoundFile extends ts.SourceFile {
  readonly locals?: ts.SymbolTable;
}

/** Whether a node has statements, and no names. */
const isScope = (node: ts.Node): boolean =>
  ts.isSourceFile(node) || ts.isBlock(node) || ts.isModuleBlock(node) || ts.isCaseBlock(node);

const isIn =
  (file: ts.SourceFile) =>
  (declaration: ts.Node): boolean =>
    declaration.getSourceFile() === file;

const topLevelDeclarations = (file: ts.SourceFile): ts.Node[] =>
  file.statements.flatMap<ts.Node>((statement) =>
    ts.isVariableStatement(statement)
      ? boundNames(statement.declarationList).map(({ parent }) => parent)
      : ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)
        ? [statement]
        : [],
  );

/** Tells which names in a cell, as it is emitted, stand for variables of the notebook's own. */
export class NotebookNames {
  readonly #checker: ts.TypeChecker;
  readonly #names: ReadonlySet<string>;
  readonly #own: ReadonlySet<ts.Node>;
  /** The classes in whose bodies the visitor is: there a class has its own name, already before it is declared. */
  readonly #bodies = new Set<ts.Node>();

  /**
   * @param file - the cell as it was checked
   * @param names - of the variables
   */
  constructor(file: ts.SourceFile, checker: ts.TypeChecker, names: ReadonlySet<string>) {
    this.#checker = checker;
    this.#names = names;
    const bound = [...names].flatMap(
      (name) => (file as BoundFile).locals?.get(ts.escapeLeadingUnderscores(name))?.declarations ?? [],
    );
    // A second declaration of a name, which V8 is to refuse, is bound to nothing.
    this.#own = new Set<ts.Node>([...bound, ...topLevelDeclarations(file)].filter(isIn(file)));
  }

  /** Whether a node is the name of such a variable. */
  has(node: ts.Node): node is ts.Identifier {
    if (!ts.isIdentifier(node) || !this.#names.has(node.text)) return false;
    const original = ts.getOriginalNode(node);
    if (!ts.isParseTreeNode(original)) return false;
    const declarations = this.#symbolOf(original as ts.Identifier)?.declarations ?? [];
    return (
      declarations.some((declaration) => this.#own.has(declaration)) &&
      !declarations.some((each) => this.#bodies.has(each))
    );
  }

  /** Visits the body of a class, where its name is not the variable's. */
  within<Result>(body: ts.ClassDeclaration, visit: () => Result): Result {
    this.#bodies.add(body);
    const result = visit();
    this.#bodies.delete(body);
    return result;
  }

  #symbolOf(name: ts.Identifier): ts.Symbol | undefined {
    if (ts.isShorthandPropertyAssignment(name.parent))
      return this.#checker.getShorthandAssignmentValueSymbol(name.parent);
    if (name.pos >= 0 && !isScope(name.parent)) return this.#checker.getSymbolAtLocation(name);
    // Nobody has written the name there: of the function that makes elements, or of a type that decorators hear of.
    return this.#checker
      .getSymbolsInScope(name.parent, ts.SymbolFlags.Value | ts.SymbolFlags.Alias)
      .find((symbol) => symbol.name === name.text);
  }
}
