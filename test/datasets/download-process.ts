/** Downloads a file in a process of its own, and tells how it goes: "waits", "received N", the sha256. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { downloadFile } from "../../src/datasets/download/download.js";

const [address = "", file = "", sha256 = ""] = process.argv.slice(2);
let told = false;

downloadFile({
  largest: 2 ** 20,
  address,
  file,
  sha256,
  timeout: 60_000,
  read: (path) => createHash("sha256").update(readFileSync(path)).digest("hex"),
  onProgress: ({ received, total }) => {
    if (total !== undefined) console.log(`received ${received}`);
    else if (!told) {
      told = true;
      console.log("waits");
    }
  },
}).then(console.log, (error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
