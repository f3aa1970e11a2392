import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { galleryPage, readLecture } from "../../../scripts/notebooks/gallery-page.js";
import { temporaryFolder } from "../../setup/temporary.js";

const result = {
  notebook: "000-example",
  data: "real",
  size: "quick",
  seconds: 61.25,
  passed: true,
  error: null,
  figures: {},
} as const;

test("the gallery has title, first sentence and picture of each lecture, and links to it and the report", (context) => {
  const path = join(temporaryFolder(context), "executed.ipynb");
  const picture = (tags: string[], svg: string[]): object => ({
    cell_type: "code",
    metadata: { tags },
    source: "show(figure)",
    outputs: [{ output_type: "stream", text: "" }, { data: { "image/svg+xml": svg } }],
  });
  const prose = ["# Lecture 000 · Rates < 1\n", "\n", "*What is a rate?*\n", "\n", "Much *else*."];
  const cells = [
    { cell_type: "markdown", metadata: {}, source: prose },
    picture([], ["<svg>other</svg>"]),
    picture(["cover"], ["<svg>", "</svg>"]),
  ];
  writeFileSync(path, JSON.stringify({ cells }));
  const lecture = readLecture(result, path);
  assert.deepEqual(lecture, {
    result,
    title: "Lecture 000 · Rates < 1",
    lead: "What is a rate?",
    picture: `data:image/svg+xml;base64,${Buffer.from("<svg></svg>").toString("base64")}`,
  });
  const page = galleryPage([lecture]);
  assert.match(
    page,
    /<a href="000-example\.html"><h2>Lecture 000 · Rates &lt; 1<\/h2><img alt="" src="data:/,
  );
  assert.match(page, /<p>What is a rate\?<\/p>\n<p class="run">quick size, 61\.3 s, passed<\/p>/);
  assert.match(page, /<a href="report\.html">/);
});

test("the gallery names a lecture whose notebook was not written, and why", (context) => {
  const failed = { ...result, passed: false, error: "NoSuchKernel: no & none" };
  const lecture = readLecture(failed, join(temporaryFolder(context), "nothing.ipynb"));
  assert.match(
    galleryPage([lecture]),
    /<h2>000-example<\/h2><\/a>[\s\S]*failed: NoSuchKernel: no &amp; none/,
  );
});
