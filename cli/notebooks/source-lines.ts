import ts from "typescript";

/** Where the lines of cells stand in a notebook's file, both counted from 1. */
export function sourceLines(text: string): (cell: number, line: number) => number {
  const file = ts.parseJsonText("notebook.json", text);
  const cells = member(file.statements[0]?.expression, "cells");
  return (cell, line) => {
    const at =
      cells !== undefined && ts.isArrayLiteralExpression(cells) ? cells.elements[cell - 1] : undefined;
    const source = member(at, "source");
    const lines = source !== undefined && ts.isArrayLiteralExpression(source) ? source.elements : [];
    const node = lines[line - 1] ?? source ?? at ?? file;
    return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
  };
}

function member(node: ts.Node | undefined, name: string): ts.Expression | undefined {
  if (node === undefined || !ts.isObjectLiteralExpression(node)) return undefined;
  return node.properties
    .filter(ts.isPropertyAssignment)
    .find(({ name: key }) => ts.isStringLiteral(key) && key.text === name)?.initializer;
}
