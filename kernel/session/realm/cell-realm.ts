/** What the session needs of the realm of the cells, from before the first one. It is loaded there: see `session-realm.ts`. */
import childProcess from "node:child_process";
import crypto from "node:crypto";
import dns from "node:dns";
import fs from "node:fs";
import Module, { createRequire } from "node:module";
import net from "node:net";
import readline from "node:readline";
import timers from "node:timers";
import util from "node:util";
import zlib from "node:zlib";

const { apply } = Reflect;
const List = Array;
const { of } = Array;
const Own = Promise;
const { resolve } = Promise;

/** What cells see, and what is made for them. */
export const cells = Object.freeze({
  global: globalThis,
  /** Node's modules as cells find them: what replaces a function in one is seen by all. */
  modules: { childProcess, crypto, dns, fs, Module, net, readline, timers, util, zlib },
  /** Loads what is to live among the cells: the modules of this package. */
  require: createRequire(__filename),
  errors: {
    Error,
    AggregateError,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
  },
  Function,
  Object,
  Uint8Array,
  parseJson: JSON.parse,
  stringifyJson: JSON.stringify,
  /** An array as cells have them. */
  array: <Value>(values: readonly Value[]): Value[] => apply(of, List, values),
  /** The same for a promise. */
  promise: <Value>(promise: Promise<Value>) => apply(resolve, Own, [promise]) as Promise<Value>,
});
