import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { isObjectArray, type NpyArray, parseNpy, readNpy, readNpz } from "rnnlab/datasets";
import { readGolden } from "../golden/read-golden.js";

interface NumbersCase {
  dtype: string;
  descr: string;
  order: string;
  shape: number[];
  values: (number | string | boolean)[];
  file: string;
}

interface Golden {
  numbers: NumbersCase[];
  objects: { expected: unknown[]; files: Record<string, string> };
  nested: Record<string, string>;
  long: string;
  unsafe: string;
  refused: Record<string, string>;
  archives: Record<string, string>;
}

const golden = readGolden<Golden>("array-formats");
const read = (base64: string): NpyArray => parseNpy(Buffer.from(base64, "base64"), "golden.npy");

/** The JSON writes bytes as an object. */
const toJson = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return { bytes: [...value] };
  return Array.isArray(value) ? value.map(toJson) : value;
};

describe("readNpy()", () => {
  for (const { dtype, descr, order, shape, values, file } of golden.numbers) {
    it(`reads ${descr} of shape [${shape}] in ${order} order as NumPy does`, () => {
      const array = read(file);
      assert.ok(!isObjectArray(array));
      assert.deepEqual([array.dtype, array.shape], [dtype, shape]);
      assert.deepEqual([...array.data].map(Object.is.bind(null, -0)), values.map(Object.is.bind(null, -0)));
      // -0 is compared above; JSON writes infinities and NaN as text.
      const known: Record<string, number> = { inf: Infinity, "-inf": -Infinity, nan: NaN };
      const expected = values.map((value) => (typeof value === "string" ? known[value] : Number(value)));
      assert.deepEqual(
        [...array.data].map((value) => value + 0),
        expected.map((value) => value! + 0),
      );
    });
  }

  for (const [protocol, file] of Object.entries(golden.objects.files)) {
    it(`reads an object array of pickle protocol ${protocol}`, () => {
      const array = read(file);
      assert.deepEqual([array.dtype, array.shape], ["object", [golden.objects.expected.length]]);
      assert.deepEqual(toJson(array.data), golden.objects.expected);
    });
  }

  for (const [protocol, file] of Object.entries(golden.nested)) {
    it(`reads arrays and NumPy's own numbers inside an object array of protocol ${protocol}`, () => {
      const [inner, number] = read(file).data as [NpyArray, number];
      assert.deepEqual(
        [inner.dtype, inner.shape, [...(inner.data as Int16Array)]],
        ["int16", [3], [1, 2, 3]],
      );
      assert.equal(number, 2.5);
    });
  }

  it("reads a list that Python wrote in several batches", () => {
    assert.deepEqual(read(golden.long).data, [Array.from({ length: 2500 }, (_, index) => index)]);
  });

  it("refuses a 64-bit integer that a number cannot hold", () => {
    assert.throws(() => read(golden.unsafe), {
      name: "RangeError",
      message:
        "Cannot read golden.npy: 64-bit integers must be within ±(2^53 - 1), else they are not exact as numbers, got 9007199254740992",
    });
  });

  for (const [name, file] of Object.entries(golden.refused)) {
    it(`refuses the dtype ${name}`, () => {
      assert.throws(() => read(file), {
        name: "RangeError",
        message: /^Cannot read golden\.npy: (the dtype must be bool, int|the header must name a plain descr)/,
      });
    });
  }

  it("refuses what is no whole .npy file", () => {
    const whole = Buffer.from(golden.numbers[0]!.file, "base64");
    const refuses = (content: Uint8Array, message: RegExp): void =>
      assert.throws(() => parseNpy(content, "x.npy"), { name: "RangeError", message });
    refuses(
      Buffer.alloc(0),
      /^Cannot read x\.npy: the file must begin as NumPy's .npy files do, got an empty file$/,
    );
    refuses(Buffer.from("<html>Sign in</html>"), /must begin as NumPy's .npy files do, got "<html>Sign i"$/);
    refuses(whole.subarray(0, 9), /the header must be whole, got 9 bytes$/);
    refuses(whole.subarray(0, 60), /the header must be whole and at most 65536 bytes, got 118$/);
    refuses(whole.subarray(0, -1), /bool elements of shape \[3\] must have 3 bytes, got 2$/);
    refuses(Buffer.concat([whole, Buffer.alloc(1)]), /must have 3 bytes, got 4$/);
    const other = Buffer.from(whole);
    other[6] = 9;
    refuses(other, /the version of the .npy format must be 1, 2 or 3, got 9$/);
  });

  it("refuses a header that is code, or a shape beyond all memory, before it takes any", () => {
    const withHeader = (text: string): Buffer => {
      const header = Buffer.from(`${text}\n`);
      return Buffer.concat([
        Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]),
        header,
      ]);
    };
    const refuses = (text: string, message: RegExp): void =>
      assert.throws(() => parseNpy(withHeader(text), "x.npy"), { name: "RangeError", message });
    refuses("__import__('os').system('true')", /the header must name a plain descr, fortran_order and shape/);
    refuses(
      "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999, 99999999)}",
      /less than 2\^53 elements/,
    );
    refuses(
      "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999,)}",
      /must have 799999992 bytes, got 0$/,
    );
    refuses("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}", /the header must name a plain/);
  });

  it("reads from a path, and names it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rnnlab-npy-"));
    const file = join(folder, "x.npy");
    writeFileSync(file, Buffer.from(golden.long, "base64"));
    assert.equal((await readNpy(file)).data.length, 1);
    writeFileSync(file, "");
    await assert.rejects(readNpy(file), {
      message: `Cannot read ${file}: the file must begin as NumPy's .npy files do, got an empty file`,
    });
    await assert.rejects(readNpy(join(folder, "none.npy")), { code: "ENOENT" });
    rmSync(folder, { recursive: true });
  });
});

describe("readNpz()", () => {
  for (const [kind, content] of Object.entries(golden.archives)) {
    it(`reads the arrays of NumPy's ${kind} archive, all or those that are named`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "rnnlab-npz-"));
      const file = join(folder, "x.npz");
      writeFileSync(file, Buffer.from(content, "base64"));
      const arrays = await readNpz(file);
      assert.deepEqual([...arrays.keys()], ["numbers", "objects"]);
      assert.deepEqual(
        arrays.get("numbers")?.data,
        Int32Array.from({ length: 100 }, (_, index) => index),
      );
      assert.deepEqual(toJson(arrays.get("objects")?.data), golden.objects.expected);
      assert.deepEqual([...(await readNpz(file, { names: ["numbers"] })).keys()], ["numbers"]);
      await assert.rejects(readNpz(file, { names: ["images"] }), {
        name: "RangeError",
        message: `Cannot read ${file}: the archive must contain images.npy, got numbers.npy, objects.npy`,
      });
      rmSync(folder, { recursive: true });
    });
  }
});
