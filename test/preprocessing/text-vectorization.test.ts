import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TextVectorization, type TextVectorizationOptions } from "rnnlab/preprocessing";
import { readGolden } from "../golden/read-golden.js";

interface Case {
  name: string;
  options: Record<string, unknown>;
  adapt: string[];
  texts: string[];
  vocabulary: string[];
  shape: number[];
  output: number[];
}

const { vectorization } = readGolden<{ vectorization: Case[] }>("text-vectorization");

/** Keras's names in snake_case, as ours. */
function camelCase(text: unknown): unknown {
  return typeof text === "string"
    ? text.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
    : text;
}

function make({ options, adapt }: Case): TextVectorization {
  const ours = Object.entries(options).map(([name, value]) => [camelCase(name), camelCase(value)]);
  const layer = new TextVectorization(Object.fromEntries(ours) as TextVectorizationOptions);
  return "vocabulary" in options ? layer : layer.adapt(adapt);
}

describe("TextVectorization", () => {
  for (const golden of vectorization) {
    it(`equals Keras: ${golden.name}`, () => {
      const layer = make(golden);
      assert.deepEqual(layer.vocabulary, golden.vocabulary);
      const { values, shape } = layer.transform(golden.texts);
      assert.deepEqual(shape, golden.shape);
      const rounded = Array.from(values, (value) => Math.round(value * 1e5) / 1e5);
      assert.deepEqual(
        rounded,
        golden.output.map((value) => Math.round(value * 1e5) / 1e5),
      );
    });

    it(`comes back from JSON: ${golden.name}`, () => {
      const layer = make(golden);
      const restored = TextVectorization.fromJSON(JSON.parse(JSON.stringify(layer)));
      assert.deepEqual(restored.vocabulary, layer.vocabulary);
      assert.deepEqual(restored.transform(golden.texts), layer.transform(golden.texts));
    });
  }

  it("encodes without padding, and decodes what it knows", () => {
    const layer = new TextVectorization({ maxTokens: 6 }).adapt(["to be or not to be"]);
    const numbers = layer.encode("To be, or what?");
    assert.ok(numbers instanceof Int32Array);
    assert.equal(layer.decode(numbers), "to be or [UNK]");
    assert.equal(layer.decode([0, 2, 0]), "to");
  });

  it("gives a row of padding for texts without a token", () => {
    const { values, shape } = new TextVectorization().adapt(["a"]).transform(["", "..."]);
    assert.deepEqual(
      [[...values], shape],
      [
        [0, 0],
        [2, 1],
      ],
    );
  });

  it("takes functions to standardise and split, which cannot be saved", () => {
    const layer = new TextVectorization({
      standardize: (text) => text.toUpperCase(),
      split: (text) => text.split("|"),
    });
    layer.adapt(["a b|c", "c"]);
    assert.deepEqual(layer.vocabulary, ["", "[UNK]", "C", "A B"]);
    assert.throws(
      () => JSON.stringify(layer),
      new RangeError(
        "Cannot save TextVectorization: standardize and split must not be functions, got a function",
      ),
    );
  });

  it("forgets what it learned when it is adapted again, and learns from an iterable", () => {
    const layer = new TextVectorization().adapt(["old"]);
    const texts = function* () {
      yield "new";
      yield "newer new";
    };
    assert.deepEqual(layer.adapt(texts()).vocabulary, ["", "[UNK]", "new", "newer"]);
  });

  it("refuses options, vocabularies, texts and numbers that cannot be", () => {
    const adapted = new TextVectorization().adapt(["a"]);
    const refusals: [() => unknown, string][] = [
      [
        () => new TextVectorization({ maxTokens: 1 }),
        "create TextVectorization: maxTokens must be an integer from 2, got 1",
      ],
      [
        () => new TextVectorization({ outputSequenceLength: 0 }),
        "create TextVectorization: outputSequenceLength must be a positive integer, got 0",
      ],
      [
        () => new TextVectorization({ outputSequenceLength: 3, outputMode: "count" }),
        "create TextVectorization: outputSequenceLength must not be given for outputMode count, got 3",
      ],
      [
        () => new TextVectorization({ ngrams: 0 }),
        "create TextVectorization: ngrams must be a positive integer, got 0",
      ],
      [
        () => new TextVectorization({ ngrams: [] }),
        "create TextVectorization: ngrams must be a positive integer or several, got []",
      ],
      [
        () => new TextVectorization({ ngrams: 2, split: null }),
        "create TextVectorization: ngrams need texts that are split, got split null",
      ],
      [
        () => new TextVectorization(JSON.parse('{ "split": "words" }')),
        'create TextVectorization: split must be "whitespace" or "character", got \'words\'',
      ],
      [
        () => new TextVectorization({ vocabulary: [] }),
        "set vocabulary: there must be at least one token, got 0",
      ],
      [
        () => new TextVectorization({ vocabulary: ["a", "b", "a"] }),
        "set vocabulary: tokens must differ and not be empty, special ones in front, got 'a' at index 2",
      ],
      [
        () => new TextVectorization({ vocabulary: ["a", ""] }),
        "set vocabulary: tokens must differ and not be empty, special ones in front, got '' at index 1",
      ],
      [
        () => new TextVectorization({ vocabulary: ["a", "b"], maxTokens: 3 }),
        "set vocabulary: it must have at most 3 tokens, got 4",
      ],
      [
        () => new TextVectorization({ vocabulary: ["a", "b"], outputMode: "tfIdf" }),
        'set vocabulary: there must be as many idfWeights as tokens for "tfIdf" and none for other modes, got none for 2 tokens and "tfIdf"',
      ],
      [
        () => new TextVectorization().adapt([]),
        "adapt TextVectorization: the texts must have at least one token, got none in 0 texts",
      ],
      [
        () => new TextVectorization().adapt(["...", ""]),
        "adapt TextVectorization: the texts must have at least one token, got none in 2 texts",
      ],
      [
        () => new TextVectorization().transform(["a"]),
        "transform with TextVectorization: it must have a vocabulary, got none yet; call adapt(texts)",
      ],
      [
        () => adapted.transform([]),
        "transform with TextVectorization: there must be at least one text, got 0",
      ],
      [() => adapted.decode([7]), "decode text: numbers must be integers from 0 to 2, got 7"],
      [
        () => new TextVectorization({ outputMode: "count" }).adapt(["a"]).encode("a"),
        'encode text: outputMode must be "int", got "count"',
      ],
    ];
    for (const [refused, message] of refusals) assert.throws(refused, new RangeError(`Cannot ${message}`));
    const wrongTypes: [() => unknown, string][] = [
      [
        () => adapted.transform(JSON.parse('["a", null]')),
        "transform with TextVectorization: every text must be a string, got null at index 1",
      ],
      [
        () => adapted.adapt("one text"),
        "adapt TextVectorization: texts must be an array of strings, got 'one text'",
      ],
      [
        () => TextVectorization.fromJSON(JSON.parse("{}")),
        "restore TextVectorization: the state must be what toJSON gave, got {}",
      ],
    ];
    for (const [refused, message] of wrongTypes) assert.throws(refused, new TypeError(`Cannot ${message}`));
  });
});
