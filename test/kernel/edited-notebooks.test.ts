import assert from "node:assert/strict";
import { test } from "node:test";
import { NotebookEditor } from "../../kernel/compiler/editor/notebook-editor.js";
import { createDocuments, documentsBeside } from "../../kernel/compiler/library/documents.js";
import type { EditorCell, Finding } from "../../kernel/shared/editor-messages.js";
import { Random } from "../../tools/random.js";
import { positionOf } from "../cli/language-client.js";
import { temporaryFolder } from "../setup/temporary.js";

/** Texts that each cell of a notebook takes in turns: what later cells see of it changes or does not, or it is wrong. */
const TEXTS: readonly (readonly string[])[] = [
  [
    "class Point {\n  #x = 1;\n  private y = 2;\n  sum() { return this.#x + this.y; }\n}\nconst rows = [];",
    "class Point {\n  #x = 1;\n  private y = 2;\n  sum() { return this.y + this.#x; }\n}\nconst rows = [];",
    "class Point {\n  #x = 1;\n  private y = 2;\n  sum() { return String(this.#x + this.y); }\n}\nconst rows = [];",
    "class Point { sum(): number { return missing; } }\nlet rows: string[] = [];",
  ],
  [
    "const point = new Point();\nrows.push(point.sum());\nconst twice = (p: Point) => 2 * Number(p.sum());",
    "const point = new Point();\nrows.push(String(point.sum()));\nconst twice = (p: Point) => Number(p.sum()) * 2;",
    'import { join } from "node:path";\nconst point = new Point();\nrows.push(point.sum());\nconst twice = (p: Point) => join(String(p));',
  ],
  [
    "enum Colour { Red, Green }\ninterface Named { name: string; colour: Colour }\nconst later = () => twice(point);",
    "enum Colour { Red, Green, Blue }\ninterface Named { name: string; colour: Colour }\nconst later = () => twice(point);",
    'enum Colour { Red, Green }\ninterface Named { name: string }\nconst later = () => "none";',
  ],
  [
    "declare global { interface Array<T> { second(): T } }\nconst named: Named = { name: rows[0], colour: Colour.Red };",
    'const named: Named = { name: "a", colour: Colour.Blue };\nfor (const row of rows) row.trim();',
  ],
  [
    "const result: number = later();\nconst same: Point = point;\n[point].second().sum().toFixed();",
    "const result = later();\nresult.toFixed();\nconst unused: Colour = named.colour;\ntwice(new Point());",
    'import { readFileSync } from "node:fs";\nconst result = readFileSync(named.name, "utf8").length + twice(point);',
  ],
];

/** What may be typed for a moment. */
const UNFINISHED = "const half = (";

const SEEDS = ["1", "2", "3"];
const EDITS = 24;

/** Parsed once for all notebooks. */
const documents = createDocuments();

class Edited {
  readonly #folder: string;
  readonly editor: NotebookEditor;
  readonly #found = new Map<string, readonly Finding[]>();
  cells: EditorCell[];

  constructor(folder: string, sources: readonly string[]) {
    this.#folder = folder;
    this.cells = sources.map((source, index) => ({
      id: `cell ${index}`,
      source,
      version: 1,
      mayFail: false,
    }));
    this.editor = new NotebookEditor(this.#notebook(), documentsBeside(documents), undefined);
  }

  #notebook() {
    return { id: "notebook", folder: this.#folder, language: "typescript", cells: this.cells } as const;
  }

  write(index: number, source: string): void {
    this.cells = this.cells.map((cell, i) =>
      i === index ? { ...cell, source, version: cell.version + 1 } : cell,
    );
    this.editor.update(this.#notebook());
  }

  /** What is wrong with each cell, and where the names of the last one are declared. */
  look() {
    for (let found = this.editor.fold(); found !== undefined; found = this.editor.fold())
      this.#found.set(found.cell, found.findings);
    const { id, source } = this.cells.at(-1) as EditorCell;
    const names = ["point", "twice", "later", "named"].filter((name) => source.includes(name));
    const places = names.map((name) => this.editor.definitions(id, positionOf(source, name, 1)));
    const hovers = names.map((name) => this.editor.hover(id, positionOf(source, name, 1))?.markdown);
    return { found: this.cells.map((cell) => this.#found.get(cell.id)), places, hovers };
  }
}

for (const seed of SEEDS) {
  test(`after any edits a notebook is as one that is opened now (seed ${seed})`, (context) => {
    const folder = temporaryFolder(context);
    const random = new Random(seed);
    const edited = new Edited(
      folder,
      TEXTS.map((texts) => texts[0] as string),
    );
    edited.look();
    for (let edit = 0; edit < EDITS; edit++) {
      const index = random.integer(TEXTS.length);
      if (random.next() < 0.2) {
        edited.write(index, UNFINISHED);
        if (random.next() < 0.5) edited.look();
      }
      edited.write(index, random.pick(TEXTS[index] as readonly string[]));
      if (random.next() < 0.3) edited.editor.hover("cell 3", { line: 0, character: 8 });
      if (random.next() < 0.5) continue;
      const sources = edited.cells.map(({ source }) => source);
      assert.deepEqual(edited.look(), new Edited(folder, sources).look(), sources.join("\n---\n"));
    }
  });
}

test("later cells know the names of a cell whose JSX has no library", (context) => {
  const edited = new Edited(temporaryFolder(context), [
    "const Box = (size: number) => <b>{size}</b>;",
    "Box(1);",
  ]);
  const [made, used] = edited.look().found;
  assert.match(made?.map(({ message }) => message).join() ?? "", /JSX/);
  assert.deepEqual(used, []);
  edited.write(0, "const Box = (size: string) => <b>{size}</b>;");
  assert.equal(edited.look().found[1]?.length, 1);
});
