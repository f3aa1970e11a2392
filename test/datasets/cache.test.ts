import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { dataCacheDirectory } from "rnnlab/datasets";

describe("dataCacheDirectory()", () => {
  it("follows XDG_CACHE_HOME on every platform", () => {
    for (const platform of ["linux", "darwin", "win32"]) {
      const expected = join("/x", "rnnlab", "data");
      assert.equal(dataCacheDirectory({ XDG_CACHE_HOME: "/x", LOCALAPPDATA: "/l" }, platform), expected);
    }
  });

  it("is where the platform keeps caches otherwise", () => {
    const environment = { HOME: "/home/me", XDG_CACHE_HOME: "" };
    assert.equal(dataCacheDirectory(environment, "linux"), join("/home/me/.cache/rnnlab/data"));
    assert.equal(dataCacheDirectory(environment, "darwin"), join("/home/me/Library/Caches/rnnlab/data"));
    assert.equal(dataCacheDirectory({ LOCALAPPDATA: "/l" }, "win32"), join("/l/rnnlab/data"));
    assert.equal(dataCacheDirectory({}, "linux"), join(homedir(), ".cache/rnnlab/data"));
  });
});
