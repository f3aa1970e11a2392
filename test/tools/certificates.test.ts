import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";

/** What the children of a process have whose own certificates are kept from them. */
const PROGRAM = `
const { keepCertificates, networkEnvironment } = require(${JSON.stringify(join(packageRoot, "dist/tools/certificates.js"))});
keepCertificates();
keepCertificates();
console.log(JSON.stringify([process.env, networkEnvironment()].map((each) => each.NODE_EXTRA_CA_CERTS ?? null)));`;

const environments = (certificates: string | undefined): unknown => {
  const { RNNLAB_TEST_CA_CERTS: _, ...others } = process.env;
  const env = { ...others, NODE_EXTRA_CA_CERTS: certificates };
  return JSON.parse(spawnSync(process.execPath, ["-e", PROGRAM], { env, encoding: "utf8" }).stdout);
};

test("only what connects to others has the certificates that the person has named", () => {
  assert.deepEqual(environments("/nowhere.crt"), [null, "/nowhere.crt"]);
  assert.deepEqual(environments(undefined), [null, null]);
});
