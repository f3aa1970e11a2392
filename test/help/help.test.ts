import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import * as rnnlab from "rnnlab";
import { help } from "rnnlab/help";
import { recordDisplay } from "../display/recorded-display.js";

const published = recordDisplay();

function page(...subject: Parameters<typeof help>): { markdown: string | undefined; text: string } {
  help(...subject);
  const { data } = published.at(-1) ?? { data: {} };
  return { markdown: data["text/markdown"] as string | undefined, text: String(data["text/plain"]) };
}

test("help() of a function has signature, summary, parameters, returned value, errors, options and example", () => {
  const { markdown = "", text } = page(rnnlab.fit);
  assert.ok(
    markdown.startsWith(
      "**fit** of `rnnlab/training`\n\n```typescript\nfunction fit<Keep extends KeepWeights | undefined = undefined>(model: tf.LayersModel,",
    ),
  );
  for (const part of [
    "Trains a compiled model by mini-batch gradient descent",
    "**Parameters**\n\n- `model` – a compiled tfjs model\n- `inputs` – `[n, …]`, as the model's input",
    "**Returns** the loss and metrics of each epoch",
    "**Throws** `RangeError` when shapes do not fit",
    "- `batchSize?: number` – Samples a step; 32",
    "- `epochs: number` – How many times",
    "**Example**\n\n```ts\nimport { tf } from",
  ]) {
    assert.ok(markdown.includes(part), part);
  }
  assert.match(
    text,
    /^fit of rnnlab\/training\n\n {4}function fit<Keep extends KeepWeights \| undefined = undefined>\(/,
  );
  assert.match(text, /\nExample\n\n {4}import \{ tf \} from "rnnlab";\n/);
  assert.doesNotMatch(text, /\*\*|`/);
});

test("help() takes a name, a value, a member, an instance and its method", () => {
  const bar = new rnnlab.ProgressBar(3);
  for (const [subject, name] of [
    [rnnlab.ProgressBar, "ProgressBar"],
    ["ProgressBar", "ProgressBar"],
    [bar, "ProgressBar"],
    [bar.update, "ProgressBar.update"],
    ["ProgressBar.update", "ProgressBar.update"],
    [rnnlab.layers, "layers"],
    [rnnlab.layers.lstm, "layers.lstm"],
    ["layers.lstm", "layers.lstm"],
    [rnnlab.adam(), "AdamOptimizer"],
    ["FitOptions", "FitOptions"],
    // Inherited
    [new rnnlab.MinMaxScaler().fitTransform, "MinMaxScaler.fitTransform"],
    ["MinMaxScaler.fitTransform", "MinMaxScaler.fitTransform"],
  ] as const) {
    const { text } = page(subject);
    const [title = ""] = text.split("\n");
    if (name === "MinMaxScaler.fitTransform") assert.match(title, /\.fitTransform\b/);
    else assert.ok(title.startsWith(`${name} of rnnlab/`), title);
  }
});

test("a member has the example of what it is a member of, and the options of its type", () => {
  const { markdown = "" } = page("layers.lstm");
  assert.match(markdown, /Long short-term memory/);
  assert.match(markdown, /\*\*RecurrentArgs\*\* Arguments of the recurrent layers/);
  assert.match(markdown, /- `recurrentActivation\?: ActivationArg` – Of the gates/);
  assert.match(markdown, /\*\*Example\*\*\n\n```ts\nimport \{ layers, tf \}/);
});

test("overloads are all shown", () => {
  const { markdown = "" } = page("MinMaxScaler.transform");
  assert.match(
    markdown,
    /```typescript\ntransform\(data: NumericSeries\): .*\ntransform\(data: NumericRows\): .*\n```/,
  );
});

test("help() of a module lists its exports, help() alone the modules", () => {
  assert.match(page("rnnlab/table").text, /\n- describe – Describes each column of a table with the numbers/);
  const { text } = page();
  assert.match(text, /\n- rnnlab\/training: .*\bfit, .*\bfitDataset\b/);
  assert.doesNotMatch(text, /FitOptions/);
});

test("what is not rnnlab's has no documentation, and its name is no markup", () => {
  const hint = "; for what is not its own, ask name? in a cell";
  for (const [subject, what] of [
    [rnnlab.tf.tidy, "[Function: tidy]"],
    ["no.such.name", "no.such.name"],
    ["fit.nothing", "fit.nothing"],
    ["rnnlab/../kernel", "rnnlab/../kernel"],
    ["<img src=x onerror=alert(1)>\u001b[31m", "<img src=x onerror=alert(1)>\\x1b[31m"],
    ["toString", "toString"],
    [5, "5"],
    [null, "null"],
    [{}, "{}"],
  ]) {
    assert.deepEqual(page(subject), {
      markdown: undefined,
      text: `rnnlab has no documentation of ${what}${hint}`,
    });
  }
});

test("every function, class and object that rnnlab exports is documented", () => {
  const { tf: _, ...exports } = rnnlab;
  for (const [name, value] of Object.entries(exports)) {
    const { markdown = "" } = page(name);
    assert.ok(markdown.startsWith(`**${name}** of \`rnnlab/`), name);
    assert.doesNotMatch(markdown, /There is no documentation/, name);
    if (typeof value === "function") assert.match(page(value).text, new RegExp(`^${name} of rnnlab/`));
  }
});

test("outside a notebook help is printed", () => {
  const program = 'require("rnnlab/help").help("slidingWindows")';
  const printed = execFileSync(process.execPath, ["-e", program], { encoding: "utf8" });
  assert.match(printed, /^slidingWindows of rnnlab\/preprocessing\n\n {4}function slidingWindows/);
});
