import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { proxyFor } from "../../src/datasets/download/proxy.js";

const https = new URL("https://data.example.org/imdb.npz");
const http = new URL("http://data.example.org:8080/imdb.npz");
const environment = { HTTP_PROXY: "http://one:1", HTTPS_PROXY: "two:2" };

describe("proxyFor()", () => {
  it("takes the variable of the address's protocol, small letters first", () => {
    assert.equal(proxyFor(http, environment), "http://one:1");
    assert.equal(proxyFor(https, environment), "http://two:2");
    assert.equal(proxyFor(https, { ...environment, https_proxy: "http://three:3" }), "http://three:3");
    assert.equal(proxyFor(https, { HTTP_PROXY: "http://one:1" }), undefined);
    assert.equal(proxyFor(https, { HTTPS_PROXY: "" }), undefined);
  });

  const exempt = [
    "*",
    "data.example.org",
    "example.org",
    ".example.org",
    "*.example.org",
    "localhost, EXAMPLE.org",
    "data.example.org:8080",
  ];
  for (const list of exempt) {
    it(`leaves the proxy out where NO_PROXY is "${list}"`, () => {
      assert.equal(proxyFor(http, { ...environment, NO_PROXY: list }), undefined);
    });
  }

  for (const list of ["", "ample.org", "data.example.org:80", "example.org.evil.net", ","]) {
    it(`uses the proxy where NO_PROXY is "${list}"`, () => {
      assert.equal(proxyFor(http, { ...environment, NO_PROXY: list }), "http://one:1");
    });
  }
});
