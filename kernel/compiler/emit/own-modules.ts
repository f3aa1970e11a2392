import ts from "typescript";
import type { LocalModule } from "../../shared/session-messages.js";
import {
  isImportCall,
  isImportMeta,
  namesModule,
  RUNTIME,
  suspends,
  throwsAnything,
  throwThroughSession,
} from "../syntax/module-syntax.js";

const { factory } = ts;

/** What tells the user's own modules from packages. */
export interface OwnModules {
  /** The file of the user's own that an import in another file means; undefined for a package. */
  resolve(specifier: string, containingFile: string): string | undefined;
  /** What an import in such a file has to be loaded by; undefined where it is what is written. */
  runtimeSpecifier(specifier: string, containingFile: string): string | undefined;
  read(fileName: string): string | undefined;
}

/**
 * The user's own files that a file imports, directly or through each other, as far as they must be compiled: TypeScript
 * and ES modules. Node loads the other ones itself.
 */
export function localModulesOf(program: ts.Program, root: string, own: OwnModules): ts.SourceFile[] {
  const found = new Map<string, ts.SourceFile>();
  const visit = (file: ts.SourceFile): void => {
    for (const { fileName: specifier } of ts.preProcessFile(file.text, true, true).importedFiles) {
      const target = own.resolve(specifier, file.fileName);
      if (target === undefined || found.has(target) || !/\.[cm]?[jt]sx?$/.test(target)) continue;
      // What is only required is not part of the program.
      const imported = program.getSourceFile(target) ?? parseModule(target, own.read(target));
      found.set(target, imported);
      visit(imported);
    }
  };
  const file = program.getSourceFile(root);
  if (file !== undefined) visit(file);
  return [...found.values()].filter(mustBeCompiled);
}

export const parseModule = (fileName: string, text = ""): ts.SourceFile =>
  ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2022, true);

const isJavaScript = (fileName: string): boolean => /\.[cm]?jsx?$/.test(fileName);

export function mustBeCompiled(file: ts.SourceFile): boolean {
  if (!isJavaScript(file.fileName) || file.fileName.endsWith(".mjs")) return true;
  return file.statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) ||
      ts.isExportDeclaration(statement) ||
      ts.isExportAssignment(statement) ||
      (ts.canHaveModifiers(statement) &&
        ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)),
  );
}

/** Compiles a module for Node's `require`, which is what loads local modules, in cycles too. */
export function compileModule(
  { fileName, text }: ts.SourceFile,
  options: ts.CompilerOptions,
  own: OwnModules,
): LocalModule {
  let awaits = false;
  const transformer: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
    let depth = 0;
    const visit = (node: ts.Node): ts.Node => {
      if (namesModule(node)) {
        const target = own.runtimeSpecifier(node.text, fileName);
        return target === undefined ? node : factory.createStringLiteral(target);
      }
      if (isImportMeta(node)) return memberFor(fileName, "meta");
      if (isImportCall(node)) {
        const given = ts.visitNodes(node.arguments, visit, ts.isExpression);
        return ts.setTextRange(
          factory.createCallExpression(memberFor(fileName, "import"), undefined, given),
          node,
        );
      }
      awaits ||= depth === 0 && suspends(node);
      const inner = ts.isFunctionLike(node) ? 1 : 0;
      depth += inner;
      const visited = ts.visitEachChild(node, visit, context);
      depth -= inner;
      return throwsAnything(visited) ? throwThroughSession(visited) : visited;
    };
    return ts.visitEachChild(file, visit, context);
  };
  const { outputText, sourceMapText = "" } = ts.transpileModule(text, {
    // The extension alone counts, and ".mts" would ask for an ES module.
    fileName: fileName.replace(/\.[cm]?([jt]sx?)$/, ".$1"),
    compilerOptions: {
      ...options,
      module: ts.ModuleKind.CommonJS,
      moduleResolution: ts.ModuleResolutionKind.Node10,
      declaration: false,
      ...(options.jsx === ts.JsxEmit.Preserve && { jsx: ts.JsxEmit.ReactJSX }),
    },
    transformers: { before: [transformer], after: [renameRequire] },
  });
  const body = outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, "");
  return {
    file: fileName,
    source: text,
    // A function of its own, in which the module may declare `__dirname` and `require` as ES modules do. It opens on the
    // first line, which has no code of the module: the source map stays right.
    javascript: `return (${awaits ? "async " : ""}(${REQUIRE}) => { ${body}\n})(__rnnlab__.of(${JSON.stringify(fileName)}).importing(require));`,
    sourceMap: sourceMapText,
    awaits,
  };
}

const REQUIRE = "__require__";

/** Gives `require` another name in the emitted imports, since the module may declare a `require` itself. */
const renameRequire: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const visit = (node: ts.Node): ts.Node => {
    const emitted =
      ts.isIdentifier(node) && node.text === "require" && !ts.isParseTreeNode(ts.getOriginalNode(node));
    return emitted ? factory.createIdentifier(REQUIRE) : ts.visitEachChild(node, visit, context);
  };
  return ts.visitEachChild(file, visit, context);
};

/** `__rnnlab__.of("/path/to/file.ts").import`, or another member. */
function memberFor(file: string, member: string): ts.Expression {
  const of = factory.createPropertyAccessExpression(RUNTIME, "of");
  const ofFile = factory.createCallExpression(of, undefined, [factory.createStringLiteral(file)]);
  return factory.createPropertyAccessExpression(ofFile, member);
}
