import assert from "node:assert/strict";
import { test } from "node:test";
import { notebookFolder, useKernel } from "../../tools/kernel-client/index.js";

const { path: folder, write, writePackage } = notebookFolder("rnnlab-paths-");
const kernel = useKernel({ cwd: folder });

write(
  "tsconfig.json",
  JSON.stringify({
    compilerOptions: {
      paths: {
        "pm-short": ["./node_modules/pm-script"],
        "pm-part": ["./node_modules/pm-script/dist/part"],
        "pm-parts/*": ["./node_modules/pm-script/dist/*.js"],
        "pm-module-file": ["./node_modules/pm-module/index.js"],
        "pm-both": ["./node_modules/pm-dual"],
        "pm-typed": ["./types/pm-typed.d.ts"],
        "pm-declared": ["./own/declared.d.ts"],
        "@own/*": ["./own/*"],
      },
    },
  }),
);
writePackage(
  "pm-script",
  { main: "dist/index.js", types: "dist/index.d.ts" },
  {
    "dist/index.js": "exports.Thing = class Thing {};",
    "dist/index.d.ts": "export declare class Thing {}",
    "dist/part.js": "exports.part = 2;",
    "dist/part.d.ts": "export declare const part: number;",
  },
);
writePackage(
  "pm-module",
  { type: "module", main: "index.js" },
  {
    "index.js": "export default class Made {}\nexport const four = 4;",
    "index.d.ts": "export default class Made {}\nexport declare const four: number;",
  },
);
writePackage(
  "pm-dual",
  { main: "index.cjs", types: "index.d.ts", exports: { import: "./index.mjs", require: "./index.cjs" } },
  {
    "index.mjs": "export class Twin {}",
    "index.cjs": "exports.Twin = class Twin {};",
    "index.d.ts": "export declare class Twin {}",
  },
);
writePackage("pm-typed", {}, { "index.js": "exports.only = 3;" });
write("types/pm-typed.d.ts", "export declare const only: number;");
write("own/declared.js", "exports.declared = 7;");
write("own/declared.d.ts", "export declare const declared: number;");
write("own/modern.mjs", "export const modern = 8;");
write("own/modern.d.mts", "export declare const modern: number;");
write("own/folder/index.js", "exports.inside = 9;");
write("own/folder/index.d.ts", "export declare const inside: number;");
write("own/data.json", '{ "ten": 10 }');
write(
  "own/user.ts",
  `import { Thing } from "pm-short";
import Made from "pm-module-file";
import { Twin } from "pm-both";
import { declared } from "@own/declared";
export const made = [new Thing(), new Made(), new Twin()] as const;
export const seven: number = declared;
export const later = async (): Promise<number> => (await import("pm-part")).part;`,
);

async function resultOf(code: string): Promise<string> {
  const cell = await kernel().execute(code);
  assert.equal(cell.status, "ok", `${code}\n${cell.traceback}`);
  return String(cell.result);
}

test("paths that lead into a package load what TypeScript finds there", async () => {
  assert.equal(await resultOf('import { part } from "pm-part"; part'), "2");
  assert.equal(await resultOf('import { part as same } from "pm-parts/part"; same'), "2");
  assert.equal(await resultOf('import { four } from "pm-module-file"; four'), "4");
  assert.equal(await resultOf('(await import("pm-part")).part'), "2");
  assert.equal(await resultOf('require("pm-part").part'), "2");
  assert.equal(await resultOf('import required = require("pm-part"); required.part'), "2");
});

test("paths that lead to a package give its one instance", async () => {
  const code = `import { Thing } from "pm-short"; import { Thing as Same } from "pm-script";
import { Twin } from "pm-both"; import { Twin as SameTwin } from "pm-dual";
[Thing === Same, Twin === SameTwin].join()`;
  assert.equal(await resultOf(code), "'true,true'");
});

test("paths that lead to the user's own files load the code beside their declarations", async () => {
  assert.equal(await resultOf('import { declared } from "@own/declared"; declared'), "7");
  assert.equal(await resultOf('import { declared as direct } from "pm-declared"; direct'), "7");
  assert.equal(await resultOf('import { modern } from "@own/modern.mjs"; modern'), "8");
  assert.equal(await resultOf('import { inside } from "@own/folder"; inside'), "9");
  assert.equal(await resultOf('import data from "@own/data.json"; data.ten'), "10");
});

test("paths that only lead to types leave the code to Node", async () => {
  assert.equal(await resultOf('import { only } from "pm-typed"; only.toFixed(1)'), "'3.0'");
});

test("local modules follow paths as cells do, to the same instances", async () => {
  const code = `import { made, seven, later } from "@own/user";
import { Thing } from "pm-script"; import Made from "pm-module"; import { Twin } from "pm-dual";
[made[0] instanceof Thing, made[1] instanceof Made, made[2] instanceof Twin, seven, await later()].join()`;
  assert.equal(await resultOf(code), "'true,true,true,7,2'");
});
