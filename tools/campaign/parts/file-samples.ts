import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { packageRoot } from "../../../src/platform/package-root.js";
import type { Helper } from "../helper.js";
import type { Reader } from "../helpers/messages.js";

const golden = join(packageRoot, "test/golden");

/** For each reader a good file, which is to be damaged; a folder's is one file in it. */
export type Samples = Readonly<Record<Reader, readonly string[]>>;

interface ArrayFormats {
  readonly numbers: readonly { readonly file: string }[];
  readonly objects: { readonly files: Readonly<Record<string, string>> };
  readonly archives: Readonly<Record<string, string>>;
}

/** Writes good files into a folder. Data sets have a `checksums.json` beside them, so that their damage is read. */
export async function makeSamples(folder: string, helper: Helper): Promise<Samples> {
  const write = (path: string, content: string | Uint8Array): string => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    return join(folder, path);
  };
  const copy = (name: string): string => {
    const path = join(folder, name);
    copyFileSync(join(golden, "keras-models", name), path);
    return path;
  };
  const arrays = JSON.parse(readFileSync(join(golden, "array-formats.json"), "utf8")) as ArrayFormats;
  const npys = [...arrays.numbers.map(({ file }) => file), ...Object.values(arrays.objects.files)];
  const bytesOf = (base64: string) => Buffer.from(base64, "base64");
  const model = join(folder, "model");
  await helper.ask({ do: "save", path: model, value: 1 });
  const csv = `DATE,IPG2211A2N\n${Array.from({ length: 60 }, (_, i) => `${1985 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, "0")}-01,${70 + i}.5`).join("\n")}\n`;
  return {
    npy: npys.map((file, index) => write(`arrays/${index}.npy`, bytesOf(file))),
    npz: Object.entries(arrays.archives).map(([name, file]) => write(`${name}.npz`, bytesOf(file))),
    electricity: [write("electricity/Electric_Production.csv", csv)],
    "reviews as texts": [write("reviews/aclImdb_v1.tar.gz", gzipSync(tar()))],
    "word index": [write("words/imdb_word_index.json", '{"the": 1, "and": 2, "a": 3}')],
    digits: [write("digits/mnist.npz", digits())],
    checksums: [write("checksums/checksums.json", '{"Electric_Production.csv": "00"}')],
    "model folder": ["model.json", "weights.bin"].map((name) => join(model, name)),
    "keras file": ["electricity.keras", "reviews.keras", "branches.keras"].map(copy),
    "h5 file": [copy("reviews.h5")],
    "weights file": [copy("electricity.weights.h5")],
  };
}

/** An archive with two reviews of each label and split, as the published one has them. */
function tar(): Buffer {
  const blocks: Buffer[] = [];
  for (const split of ["train", "test"]) {
    for (const [index, label] of ["pos", "neg", "pos", "neg"].entries()) {
      const text = Buffer.from(`a film, number ${index}`);
      const header = Buffer.alloc(512);
      header.write(`aclImdb/${split}/${label}/${index}_7.txt`, 0);
      header.write("0000644\0", 100);
      header.write(`${text.length.toString(8).padStart(11, "0")}\0`, 124);
      header.write("00000000000\0        0", 136);
      header.write("ustar\x0000", 257);
      const sum = header.reduce((total, byte) => total + byte, 0);
      header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
      blocks.push(header, text, Buffer.alloc(512 - text.length));
    }
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function digits(): Uint8Array {
  const array = (shape: string, length: number) => {
    const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117);
    const start = Buffer.from(`\x93NUMPY\x01\x00v\x00${header}\n`, "latin1");
    return Buffer.concat([start, Buffer.alloc(length)]);
  };
  return zipSync({
    "x_train.npy": array("3, 28, 28", 3 * 28 * 28),
    "y_train.npy": array("3,", 3),
    "x_test.npy": array("2, 28, 28", 2 * 28 * 28),
    "y_test.npy": array("2,", 2),
  });
}
