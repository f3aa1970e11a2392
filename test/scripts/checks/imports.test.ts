import assert from "node:assert/strict";
import { test } from "node:test";
import { circularImports } from "../../../scripts/checks/imports.js";

const files = (texts: Readonly<Record<string, string>>): Map<string, string> =>
  new Map(Object.entries(texts));

test("circularImports() finds nothing where imports go one way, also up and down through folders", () => {
  const sources = files({
    "a/main.ts": 'import { x } from "./parts/x.js"; import "node:fs";',
    "a/parts/x.ts": 'import { y } from "../y.js"; import { z } from "../../b";',
    "a/y.ts": 'import type { z } from "../b/z.js";',
    "b/index.ts": 'export { z } from "./z";',
    "b/z.ts": 'import ts from "typescript";',
  });
  assert.deepEqual(circularImports(sources), []);
});

test("circularImports() names files that import each other, types included, and nothing beside them", () => {
  const sources = files({
    "a/main.ts": 'import { x } from "./x.js"; import { end } from "./end.js";',
    "a/x.ts": 'import type { Y } from "./y.js";',
    "a/y.ts": 'import { z } from "./z.js";',
    "a/z.ts": 'import { x } from "./x.js"; import { end } from "./end.js";',
    "a/end.ts": 'import { p } from "./p.js";',
    "a/p.ts": 'import { q } from "./q.js";',
    "a/q.ts": 'import { p } from "./p.js";',
  });
  assert.deepEqual(circularImports(sources), [
    "a: x.ts imports y.ts, which leads back (a/x.ts → a/y.ts)",
    "a: y.ts imports z.ts, which leads back (a/y.ts → a/z.ts)",
    "a: z.ts imports x.ts, which leads back (a/z.ts → a/x.ts)",
    "a: p.ts imports q.ts, which leads back (a/p.ts → a/q.ts)",
    "a: q.ts imports p.ts, which leads back (a/q.ts → a/p.ts)",
  ]);
});

test("circularImports() names folders that import each other although none of their files does", () => {
  const sources = files({
    "a/one.ts": 'import { two } from "../b/inner/two.js";',
    "b/inner/two.ts": "",
    "b/three.ts": 'export const load = () => import("../a/four.js");',
    "a/four.ts": "",
  });
  assert.deepEqual(circularImports(sources), [
    ".: a imports b, which leads back (a/one.ts → b/inner/two.ts)",
    ".: b imports a, which leads back (b/three.ts → a/four.ts)",
  ]);
});
