import assert from "node:assert/strict";
import { attach, writeModule } from "./attach.js";
import {
  writeKernels,
  writeLecture,
  writeMistake,
  writeNotebooks,
  writeOlderKernel,
  writeSettings,
} from "./notebooks.js";
import type { Workbench } from "./workbench.js";

const LECTURE = "000-electricity-production.ipynb";

/** A folder, and what is done with it in VS Code. */
interface Scene {
  readonly prepare: (folder: string) => void;
  readonly play: (workbench: Workbench, folder: string) => Promise<void>;
}

/** All scenes by the names of their folders. */
export const SCENES: Readonly<Record<string, Scene>> = {
  notebooks: {
    prepare: (folder) => {
      writeNotebooks(folder);
      writeLecture(folder, LECTURE);
      writeKernels(folder);
    },
    play: async (workbench) => {
      await lecture(workbench);
      await planted(workbench);
      await others(workbench);
      await chain(workbench);
      await written(workbench);
      await moved(workbench);
      await commands(workbench);
    },
  },
  native: {
    prepare: (folder) => {
      writeNotebooks(folder);
      writeKernels(folder);
      writeMistake(folder);
      writeSettings(folder, { "js/ts.experimental.useTsgo": true });
    },
    play: withoutPlugins,
  },
  older: {
    prepare: (folder) => {
      writeNotebooks(folder);
      writeOlderKernel(folder);
    },
    play: async (workbench) => {
      await workbench.open("other.ipynb");
      await workbench.told("The kernel is rnnlab 0.0.1, the extension 0.1.0. Run: npx rnnlab vsix");
      console.log("  a kernel of another version is told of");
    },
  },
  attach: { prepare: writeModule, play: attach },
  none: {
    prepare: writeNotebooks,
    play: async (workbench) => {
      await workbench.open("other.ipynb");
      await workbench.told("No rnnlab kernel is installed. Run: npx rnnlab install");
      console.log("  that there is no kernel is told");
    },
  },
};

async function lecture(workbench: Workbench): Promise<void> {
  await workbench.open(LECTURE);
  // The last cell has a mistake, so that it is known when all cells have been looked at.
  await workbench.problems(1);
  // VS Code's own TypeScript has looked at all that is open when it has faded this.
  await workbench.openFile("plain.ts");
  await workbench.fades("unread");
  await workbench.open(LECTURE);
  assert.deepEqual(await workbench.faded("const planted"), []);
  console.log("  nothing is wrong in the lecture, and no name is faded, from its first cell to its last");
  await workbench.close();
}

async function planted(workbench: Workbench): Promise<void> {
  await workbench.open("planted.ipynb");
  await workbench.underlined(["wrong", "length"]);
  console.log("  planted mistakes are underlined, and nothing in Markdown and in Python");
  assert.match(await workbench.hover("half", 1), /half\(x: number\): number/);
  console.log("  hover knows earlier cells");
  await workbench.typeAfter("count.length;", "\nhal");
  const offered = await workbench.completions();
  const halves = offered.filter((each) => each.startsWith("half"));
  assert.equal(halves.length, 1, `half is offered once: ${offered}`);
  await workbench.undoTyping(4);
  console.log("  completion offers a name once");
  await workbench.rename("half", "third");
  await workbench.shows("function third(x: number)", "third(count).toFixed();", "third(wrong);");
  console.log("  rename reaches all cells");
  await workbench.typeAfter("const count = 3;", "\nconst late: string = count;");
  await workbench.underlined(["late", "wrong", "length"]);
  console.log("  an edit is underlined");
}

async function others(workbench: Workbench): Promise<void> {
  await workbench.open("other.ipynb");
  await workbench.underlined(["count"]);
  console.log("  notebooks do not see each other");
  await workbench.open("deno.ipynb");
  // VS Code's own TypeScript shows what does not parse, and no more.
  await workbench.underlined([";"]);
  assert.match(await workbench.hover("mine", 0), /const mine: number/);
  console.log("  a notebook of another kernel is left alone");
}

async function chain(workbench: Workbench): Promise<void> {
  await workbench.open("chain.ipynb");
  await workbench.underlined([]);
  await workbench.typeAfter("const size = 3", "n");
  await workbench.underlined(["size"]);
  await workbench.undoTyping(1);
  await workbench.underlined([]);
  console.log("  an edit of the third cell breaks the ninth, and mends it again");
}

async function written(workbench: Workbench): Promise<void> {
  await workbench.open("written.ipynb");
  await workbench.underlined(["toUperCase"]);
  await workbench.goToDefinition("made");
  await workbench.inCell(3, 5);
  await workbench.goToDefinition("slidingWindows");
  await workbench.tab("sliding-windows.d.ts");
  await workbench.open("written.ipynb");
  console.log("  definitions are found in earlier cells and in our declarations");
  await workbench.references(
    "scale",
    "function scale(value: number, by: string) { return by + value; }",
    'const made = scale(1, "a");',
  );
  console.log("  references are found in all cells");
  const symbols = await workbench.symbols("scale");
  assert.deepEqual(
    ["scale", "made", "a"].map((name) => symbols.filter((each) => each === name).length),
    [1, 1, 1],
    `each symbol is listed once: ${symbols}`,
  );
  console.log("  symbols are listed once");
  await workbench.fix("toUperCase", "Change spelling to 'toUpperCase'");
  await workbench.shows("made.toUpperCase();");
  console.log("  a quick fix mends a name");
  await workbench.typeAfter("made.toUpperCase();", "\nscale(1, ");
  assert.match(await workbench.signature(), /scale\(value: number, by: string\)/);
  await workbench.undoTyping(10);
  console.log("  signatures are shown");
  await workbench.typeAfter("const a={x:1}", "");
  await workbench.press("Control+Shift+I");
  await workbench.shows("const a = { x: 1 }");
  console.log("  a cell is formatted");
}

/** Cells that change their places, or are parted and joined. */
async function moved(workbench: Workbench): Promise<void> {
  const [base, taken, two] = [
    "const base = 3;",
    "const text: string = base.toFixed();",
    "const bad: number = text;",
  ];
  const [first, second] = ["const half = base / 2;", "half.length;"];
  await workbench.open("moved.ipynb");
  await workbench.cells(base, taken, two, `${first}\n${second}`);
  await workbench.underlined(["bad", "length"]);
  await workbench.chooseCell(base);
  await workbench.press("Alt+ArrowDown");
  await workbench.cells(taken, base, two, `${first}\n${second}`);
  await workbench.underlined(["base", "bad", "length"]);
  await workbench.press("Alt+ArrowUp");
  await workbench.cells(base, taken, two, `${first}\n${second}`);
  await workbench.underlined(["bad", "length"]);
  console.log("  a cell is moved down and up");
  await workbench.goBefore(second);
  await workbench.command("Notebook: Split Cell");
  await workbench.cells(base, taken, two, first, second);
  await workbench.underlined(["bad", "length"]);
  await workbench.goToDefinition("half");
  await workbench.inCell(4, 5);
  assert.match(await workbench.hover("half", 1), /const half: number/);
  console.log("  a cell is split");
  await workbench.chooseCell(first);
  await workbench.command("Notebook: Join With Next Cell");
  await workbench.cells(base, taken, two, `${first}\n${second}`);
  await workbench.underlined(["bad", "length"]);
  console.log("  cells are joined");
  await workbench.chooseCell(base);
  await workbench.press("Control+X");
  await workbench.cells(taken, two, `${first}\n${second}`);
  await workbench.underlined(["base", "bad", "base", "length"]);
  await workbench.chooseCell(taken);
  await workbench.press("Control+V");
  await workbench.cells(taken, base, two, `${first}\n${second}`);
  await workbench.underlined(["base", "bad", "length"]);
  await workbench.press("Alt+ArrowUp");
  await workbench.cells(base, taken, two, `${first}\n${second}`);
  await workbench.underlined(["bad", "length"]);
  await workbench.goToDefinition("base");
  await workbench.inCell(1, 4);
  assert.match(await workbench.hover("base", 0), /const base: 3/);
  console.log("  a cell is cut and pasted");
}

async function commands(workbench: Workbench): Promise<void> {
  await workbench.command("Create: New rnnlab Notebook");
  await workbench.inCell(1, 1);
  await workbench.typeFirst('const first: number = "text";');
  await workbench.underlined(["first"]);
  console.log("  a new notebook begins with a cell of TypeScript");
  await workbench.command("rnnlab: Open the Lectures");
  assert.equal((await workbench.choices("000-electricity-production.ipynb")).length, 5);
  await workbench.choose("003-recurrent-network-from-scratch.ipynb");
  await workbench.tab("003-recurrent-network-from-scratch.ipynb");
  console.log("  the lectures are offered, and opened");
  await workbench.command("rnnlab: Run the Doctor");
  await workbench.terminal("kernelspec");
  console.log("  the doctor runs");
  await workbench.command("Welcome: Open Walkthrough");
  await workbench.choose("TypeScript notebooks with rnnlab");
  await workbench.steps("Install the kernel", "Make a notebook", "Open a lecture");
  console.log("  the walkthrough has its steps");
}

/** Where VS Code's TypeScript is native, it has no plugins: the language server answers all the same, and alone. */
async function withoutPlugins(workbench: Workbench): Promise<void> {
  await workbench.openFile("mistaken.ts");
  // Nothing but native TypeScript looks at this file.
  await workbench.fileUnderlined("mistaken");
  await workbench.open("planted.ipynb");
  await workbench.underlined(["wrong", "length"]);
  const hover = await workbench.hover("half", 1);
  assert.equal(hover.split("half(x: number): number").length, 2, `the hover tells once: ${hover}`);
  assert.deepEqual(await workbench.faded("half(wrong);"), []);
  await workbench.typeAfter("count.length;", "\nhal");
  const offered = await workbench.completions();
  const halves = offered.filter((each) => each.startsWith("half"));
  assert.equal(halves.length, 1, `half is offered once: ${offered}`);
  await workbench.undoTyping(4);
  await workbench.open("written.ipynb");
  assert.equal((await workbench.symbols("scale")).filter((each) => each === "scale").length, 1);
  console.log("  beside native TypeScript, the language server answers all, and once");
}
