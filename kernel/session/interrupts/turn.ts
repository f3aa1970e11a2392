import process from "node:process";
import { cells } from "../realm/cell-realm.js";

/** Optimised code takes in no function that is longer than this many calls. */
const TOO_LONG = 120;

/**
 * What a cell's loops call, see `kernel/compiler/emit/interruptible-loops.ts`. V8 looks for an interrupt where it enters a
 * function. From its version 13 on (Node 24) it no longer does where it has taken the function into the loop, so there it
 * is one that V8 leaves outside: some 3 ns a turn. It takes in none of another realm, so it is made in theirs.
 */
export const turn =
  Number.parseInt(process.versions.v8, 10) < 13
    ? cells.Function("")
    : cells.Function("never", `if (never) { ${"never.called(never.so);".repeat(TOO_LONG)} }`);
