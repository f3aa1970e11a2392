import assert from "node:assert/strict";
import { test } from "node:test";
import { finishedPage } from "../../../cli/page/finished-page.js";

const formula = (tex: string, display: boolean): string =>
  `<span class="formula" data-display="${display}">${tex}</span>`;

const page = (body: string): string =>
  `<html><head><title>n</title></head><body class="jp-Notebook"><main>${body}</main></body></html>`;

test("finishedPage() sets formulas, with what HTML writes otherwise, and brings their fonts along", () => {
  const html = finishedPage(
    page(
      `<p>${formula("a &lt; b", false)}</p><p>${formula("\\begin{aligned}x &amp;= 1\\end{aligned}", true)}</p>`,
    ),
  );
  assert.equal(html.match(/<span class="katex">/g)?.length, 2);
  assert.equal(html.match(/<span class="katex-display">/g)?.length, 1);
  assert.match(html, /<annotation encoding="application\/x-tex">a &lt; b<\/annotation>/);
  assert.doesNotMatch(html, /katex-error|url\(fonts\//);
  assert.match(html, /@font-face\{[^}]*font-family:KaTeX_Main[^}]*url\(data:font\/woff2;base64,/);
});

test("finishedPage() shows a formula that cannot be set as it was written", () => {
  assert.match(finishedPage(page(formula("\\nosuch{x}", false))), /\\nosuch/);
});

test("finishedPage() lists the headings, but the list of them in the text", () => {
  const heading = (level: number, id: string, title: string): string =>
    `<h${level} id="${id}">${title}<a class="anchor-link" href="#${id}">¶</a></h${level}>`;
  const html = finishedPage(
    page(
      [
        heading(1, "Lecture", "Lecture"),
        heading(2, "Contents", "Contents"),
        heading(2, "1-Data", "1 Data"),
        heading(3, "1.1-Rows", "1.1 <code>rows</code>"),
      ].join("\n"),
    ),
  );
  const links = [...html.matchAll(/<li class="(h\d)"><a href="#([^"]+)">(.*?)<\/a><\/li>/g)];
  assert.deepEqual(
    links.map(([, ...parts]) => parts),
    [
      ["h2", "1-Data", "1 Data"],
      ["h3", "1.1-Rows", "1.1 <code>rows</code>"],
    ],
  );
});

test("finishedPage() keeps the picture of a live figure for paper", () => {
  const picture = '<img alt="a" src="data:image/svg+xml;base64,AA=="/>';
  const html = finishedPage(
    page(`<div id="rnnlab-figure-1" style="min-height:320px">\n${picture}\n</div><script></script>`),
  );
  assert.match(
    html,
    /<\/div>\n<img class="on-paper" alt="a" src="data:image\/svg\+xml;base64,AA=="\/><script>/,
  );
});
