import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { KernelClient, notebookFolder } from "../../tools/kernel-client/index.js";

const folder = notebookFolder("rnnlab-class-names-");

/** Classes that name themselves while they are made, as those of one instance do; what the cell shows. */
const classes: Record<string, readonly [code: string, result: string]> = {
  "an instance of its own in a static field": [
    "class One { static only = new One(); static get() { return One.only } }\nOne.get() === One.only",
    "true",
  ],
  "the same, declared anew": ["class One { made = 2; static only = new One() }\nOne.only", "One { made: 2 }"],
  "its name in a static block": [
    "// @ts-nocheck\nclass Block { static { Block.prototype.made = 3 } }\nnew Block().made",
    "3",
  ],
  "a parent of its cell, and an instance of its own": [
    "class Parent { kind = 1 } class Child extends Parent { static first = new Child() }\nChild.first",
    "Child { kind: 1 }",
  ],
  "a class within it that names it": [
    "class Outer { static Inner = class { out() { return Outer } }; static inner = new Outer.Inner() }\nOuter.inner.out() === Outer",
    "true",
  ],
  "the name of a global": [
    "class Map { static empty = new Map(); static of() { return new Map() } }\n[Map.empty, Map.of(), new globalThis.Map()]",
    "[ Map {}, Map {}, Map(0) {} ]",
  ],
  "its name in a pattern and a shorthand": [
    "class Pattern { static low = 1; read({ low } = Pattern) { return { Pattern, low } } static { ({ low: Pattern.low } = { low: 5 }) } }\nnew Pattern().read().low",
    "5",
  ],
};

const typed: typeof classes = {
  "an export of its own": ["export class Shared { static only = new Shared() }\nShared.only", "Shared {}"],
  "an interface and a namespace of its name": [
    "interface Merged { size?: number } class Merged { static only = new Merged() } namespace Merged { export const same = Merged.only }\nMerged.same === Merged.only",
    "true",
  ],
  "a decorator": [
    "function same(value: any, context: any): any { return value }\n@same class Marked { @same static f() { return Marked } static only = new Marked() }\n[Marked.f() === Marked, Marked.only]",
    "[ true, Marked {} ]",
  ],
  "a decorator that replaces it": [
    "function wider(value: any, context: any): any { return class extends value { added = 1 } }\n@wider class Replaced { again() { return new Replaced() } }\nnew Replaced().again()",
    "Replaced { added: 1 }",
  ],
};

const legacy: typeof classes = {
  "a decorator of the time before the standard": [
    "function wide(target: any): any { return class extends target { added = 1 } }\n@wide class Old { static only = new Old(); again() { return new Old() } }\n[new Old().again(), Old.only]",
    "[ Old { added: 1 }, Old {} ]",
  ],
};

folder.write("legacy/tsconfig.json", '{ "compilerOptions": { "experimentalDecorators": true } }');
for (const [name, language, cwd, cases] of [
  ["TypeScript", "typescript", folder.path, { ...classes, ...typed }],
  ["JavaScript", "javascript", folder.path, classes],
  ["TypeScript with experimentalDecorators", "typescript", `${folder.path}/legacy`, legacy],
] as const) {
  describe(name, () => {
    let kernel: KernelClient;
    before(async () => {
      kernel = await KernelClient.start({ language, cwd });
    });
    after(() => kernel?.dispose());

    for (const [what, [code, result]] of Object.entries(cases)) {
      test(`a class has ${what}`, async () => {
        const cell = await kernel.execute(code);
        assert.equal(cell.result, result, cell.traceback);
      });
    }

    test("methods of a class that was replaced go on with their own", async () => {
      await kernel.execute("class Kept { again() { return new Kept() } }\nvar former = new Kept();");
      await kernel.execute("class Kept { later = 1 }");
      assert.equal(
        (await kernel.execute("[former.again(), new Kept()]")).result,
        "[ Kept {}, Kept { later: 1 } ]",
      );
    });
  });
}
