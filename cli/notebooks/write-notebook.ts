import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { writeJson } from "../../kernel/protocol/wire.js";
import { messageOf } from "../../src/platform/message-of.js";
import { type JsonObject, joinedText, type NotebookDocument } from "./notebook-document.js";
import { replaceFile } from "./replace-file.js";

/** What Python counts as the end of a line: nbformat stores texts in such lines. */
const BREAKS = "\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029";
const LINES = new RegExp(`[^${BREAKS}]*(?:\\r\\n|[${BREAKS}])|[^${BREAKS}]+$`, "g");
/** The texts of displays that are stored in lines, besides `text/…`. */
const TEXTS = new Set(["application/javascript", "image/svg+xml"]);

/**
 * Writes a notebook as nbformat does. Its file is replaced as a whole.
 *
 * @param path - of the file; its folder is made
 * @param document - what is written
 * @throws {Error} when it cannot be written; what was there is kept
 */
export function writeNotebook(path: string, document: NotebookDocument): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (cause) {
    throw new Error(`Cannot write ${path}: ${messageOf(cause)}`, { cause });
  }
  replaceFile(path, piecesOf(document));
}

/** The text of the file in pieces: the whole may be longer than V8's longest string. */
function* piecesOf({ cells, ...rest }: NotebookDocument): Generator<string> {
  yield '{\n "cells": [';
  for (const [index, cell] of cells.entries()) {
    yield index === 0 ? "\n  {" : ",\n  {";
    yield* fieldsOf(storedCell(cell), 3);
    yield "\n  }";
  }
  yield cells.length === 0 ? "]," : "\n ],";
  yield* fieldsOf(rest, 1);
  yield "\n}\n";
}

function* fieldsOf(object: JsonObject, depth: number): Generator<string> {
  const indent = `\n${" ".repeat(depth)}`;
  let separator = "";
  for (const [name, value] of sortedEntries(object)) {
    if (value === undefined) continue;
    yield `${separator}${indent}${JSON.stringify(name)}: `;
    separator = ",";
    // Outputs are the large ones.
    if (name !== "outputs" || !Array.isArray(value) || value.length === 0) {
      yield indented(value, indent);
      continue;
    }
    for (const [index, output] of value.entries()) {
      yield `${index === 0 ? "[" : ","}${indent} `;
      yield indented(output, `${indent} `);
    }
    yield `${indent}]`;
  }
}

const indented = (value: unknown, indent: string): string =>
  writeJson(sorted(value), 1).replaceAll("\n", indent);

function storedCell(cell: JsonObject): JsonObject {
  const { source, outputs, attachments } = cell;
  const stored: JsonObject = { ...cell, source: inLines(joinedText(source)) };
  if (Array.isArray(outputs)) stored.outputs = outputs.map(storedOutput);
  if (isObject(attachments))
    stored.attachments = mapValues(attachments, (bundle) =>
      isObject(bundle) ? storedBundle(bundle) : bundle,
    );
  return stored;
}

function storedOutput(output: unknown): unknown {
  if (!isObject(output)) return output;
  if (output.output_type === "stream") return { ...output, text: inLines(output.text) };
  return isObject(output.data) ? { ...output, data: storedBundle(output.data) } : output;
}

const storedBundle = (bundle: JsonObject): JsonObject =>
  mapValues(bundle, (value, type) => (type.startsWith("text/") || TEXTS.has(type) ? inLines(value) : value));

const inLines = (text: unknown): unknown => (typeof text === "string" ? (text.match(LINES) ?? []) : text);

/** With the keys in order, as nbformat has them: the same notebook is always the same file. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(sortedEntries(value).map(([name, each]) => [name, sorted(each)]));
}

const sortedEntries = (object: JsonObject): [string, unknown][] =>
  Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));

const mapValues = (object: JsonObject, change: (value: unknown, name: string) => unknown): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
