import type ts from "typescript";

/** What the extension tells: the cells of rnnlab's notebooks, by the names that tsserver has for them. */
interface Configuration {
  readonly cells?: readonly string[];
}

/**
 * What tsserver answers about cells that it leaves to rnnlab's language server. It goes on answering what needs no types,
 * such as symbols and folding: VS Code asks a server of its own for that, which hears of no cells.
 */
const NOTHING = {
  getSyntacticDiagnostics: () => [],
  getSemanticDiagnostics: () => [],
  getSuggestionDiagnostics: () => [],
  getQuickInfoAtPosition: () => undefined,
  getCompletionsAtPosition: () => undefined,
  getSignatureHelpItems: () => undefined,
  getDefinitionAtPosition: () => undefined,
  getDefinitionAndBoundSpan: () => undefined,
  getTypeDefinitionAtPosition: () => undefined,
  getImplementationAtPosition: () => undefined,
  getReferencesAtPosition: () => undefined,
  findReferences: () => undefined,
  getDocumentHighlights: () => undefined,
  getRenameInfo: () => ({ canRename: false, localizedErrorMessage: "rnnlab renames in its notebooks" }),
  getCodeFixesAtPosition: () => [],
  getApplicableRefactors: () => [],
  provideInlayHints: () => [],
  getEncodedSemanticClassifications: () => ({ spans: [], endOfLineState: 0 }),
} satisfies Partial<ts.LanguageService>;

/**
 * A plugin of VS Code's TypeScript server. It would answer for each cell as a file of its own, and so tell of what is no
 * mistake, and of everything twice.
 */
function init(): ts.server.PluginModule {
  let cells = new Set<string>();
  const projects: ts.server.Project[] = [];
  return {
    onConfigurationChanged(configuration: Configuration) {
      cells = new Set(configuration.cells ?? []);
      for (const project of projects) project.refreshDiagnostics();
    },
    create({ languageService, project }) {
      projects.push(project);
      return new Proxy(languageService, {
        get(target, name, receiver) {
          const method: unknown = Reflect.get(target, name, receiver);
          const answer = Object.hasOwn(NOTHING, name) ? NOTHING[name as keyof typeof NOTHING] : undefined;
          if (answer === undefined || typeof method !== "function") return method;
          return (file: string, ...args: readonly unknown[]) =>
            cells.has(file) ? answer() : Reflect.apply(method, target, [file, ...args]);
        },
      });
    },
  };
}

export = init;
