import ts from "typescript";
import { isInPackages } from "./kernel-packages.js";

/**
 * The parsed files of one process. Those of packages stay for good: otherwise a cell that does not use a library would
 * throw its types away, and the next one that does would parse them anew. They count as the same under all options: what
 * would separate them only concerns the code of cells.
 */
export function createDocuments(): ts.DocumentRegistry {
  const registry = ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames);
  return {
    ...registry,
    getKeyForCompilationSettings: () => "cells" as ts.DocumentRegistryBucketKey,
    releaseDocumentWithKey(
      path: ts.Path,
      key: ts.DocumentRegistryBucketKey,
      scriptKind: ts.ScriptKind = ts.ScriptKind.Unknown,
      mode?: ts.ResolutionMode,
    ): void {
      if (!isInPackages(path)) registry.releaseDocumentWithKey(path, key, scriptKind, mode);
    },
  };
}

/**
 * Documents of one notebook among several of a process: the files of packages are those of all, everything else is its own,
 * for two notebooks of a folder give files of theirs the same names. No package is released.
 *
 * @param shared - the documents of the process
 */
export function documentsBeside(shared: ts.DocumentRegistry): ts.DocumentRegistry {
  const own = createDocuments();
  const of = (path: string): ts.DocumentRegistry => (isInPackages(path) ? shared : own);
  return {
    ...own,
    acquireDocumentWithKey: (file, path, ...rest) => of(path).acquireDocumentWithKey(file, path, ...rest),
    updateDocumentWithKey: (file, path, ...rest) => of(path).updateDocumentWithKey(file, path, ...rest),
  };
}
