import assert from "node:assert/strict";
import { test } from "node:test";
import { anchorsOf, brokenLinks, missingSources } from "../../../scripts/checks/links.js";

const pages = (...texts: string[]) => texts.map((text, index) => ({ path: `docs/p${index}.md`, text }));
const exists = (path: string) => ["docs/p0.md", "docs/p1.md", "docs/a.png", "src"].includes(path);

test("brokenLinks() accepts files, folders, headings of this and other pages, and addresses", () => {
  const first = "# One\n[a](p1.md#two-words) [b](#one) [c](../src) ![d](a.png) [e](https://example.org/x#y)";
  assert.deepEqual(brokenLinks(pages(first, "## Two *words*"), exists), []);
});

test("brokenLinks() names page, line and what is missing, in Markdown and HTML", () => {
  assert.deepEqual(brokenLinks(pages('x\n[a](gone.md)\n<img src="b.png">', "# Two"), exists), [
    "docs/p0.md:2: the link to gone.md: there is no docs/gone.md",
    "docs/p0.md:3: the link to b.png: there is no docs/b.png",
  ]);
  assert.deepEqual(brokenLinks(pages("[a](p1.md#one)", "# Two"), exists), [
    "docs/p0.md:1: the link to p1.md#one: docs/p1.md has no heading #one",
  ]);
});

test("brokenLinks() takes no code for links", () => {
  assert.deepEqual(brokenLinks(pages("```ts\nf[a](b)\n```\n`g[a](b)` <!-- [a](b) -->"), exists), []);
});

test("anchorsOf() names headings as GitHub does, equal ones with a number", () => {
  const text = "# What's `new`?\n## A, B & C\n## [Link](x.md)\n## Limits\n## Limits\n```\n# no\n```";
  assert.deepEqual([...anchorsOf(text)], ["whats-new", "a-b--c", "link", "limits", "limits-1"]);
});

test("missingSources() finds sources by the end of their paths, and names those that are gone", () => {
  const files = ["kernel/compiler/client.ts", "src/native/gru.h"];
  const text = "See `client.ts` and `native/gru.h`.\n`iler/client.ts` `gone.ts`\n```ts\n`no.ts`\n```";
  assert.deepEqual(missingSources(pages(text), files), [
    "docs/p0.md:2: there is no source iler/client.ts",
    "docs/p0.md:2: there is no source gone.ts",
  ]);
});
