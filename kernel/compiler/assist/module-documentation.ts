import ts from "typescript";

/** What a file's first comment says of the whole module, if it does. */
export function moduleDocumentation({ statements: [first] }: ts.SourceFile): string {
  const comments = first === undefined ? [] : ts.getJSDocCommentsAndTags(first).filter(ts.isJSDoc);
  const [comment] = comments;
  if (first === undefined || comment === undefined || /@license|copyright/i.test(comment.getText()))
    return "";
  const isOwn =
    comments.length > 1 ||
    ts.isImportDeclaration(first) ||
    ts.isExportDeclaration(first) ||
    comment.tags?.some(({ tagName }) => MODULE_TAGS.has(tagName.text)) === true;
  return isOwn ? (ts.getTextOfJSDocComment(comment.comment) ?? "") : "";
}

const MODULE_TAGS = new Set(["file", "fileoverview", "module", "packageDocumentation"]);
