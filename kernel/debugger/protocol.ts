import type { Json } from "../protocol/wire.js";
import { shownValue } from "../shared/shown-value.js";

/** A request of the Debug Adapter Protocol. */
export interface DebugRequest {
  readonly seq: number;
  readonly command: string;
  readonly arguments: Json;
}

/** What a request is refused with. */
export class Refusal extends Error {}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads the content of a `debug_request`. */
export function readRequest(content: Json): DebugRequest {
  const { seq, command, arguments: given = {} } = content;
  if (typeof command !== "string")
    throw new TypeError(`Cannot read the request: command must be a string, got ${shownValue(command)}`);
  if (!isObject(given ?? {}))
    throw new TypeError(`Cannot read the request: arguments must be an object, got ${shownValue(given)}`);
  return { seq: typeof seq === "number" ? seq : 0, command, arguments: (given ?? {}) as Json };
}

function refuse(name: string, rule: string, value: unknown): never {
  throw new Refusal(`${name} must be ${rule}, got ${shownValue(value)}`);
}

export function textArgument(given: Json, name: string): string {
  const value = given[name];
  return typeof value === "string" ? value : refuse(name, "a string", value);
}

export function numberArgument(given: Json, name: string): number {
  const value = given[name];
  return typeof value === "number" ? value : refuse(name, "a number", value);
}

/** @returns undefined where it is left out */
export const optionalNumber = (given: Json, name: string): number | undefined =>
  given[name] === undefined || given[name] === null ? undefined : numberArgument(given, name);

function objectArgument(given: Json, name: string): Json {
  const value = given[name];
  return isObject(value) ? value : refuse(name, "an object", value);
}

export function listArgument(given: Json, name: string): readonly Json[] {
  const value = given[name] ?? [];
  return Array.isArray(value) && value.every(isObject) ? value : refuse(name, "a list of objects", value);
}

/** The path of the source that a request is about. */
export const pathArgument = (given: Json): string => textArgument(objectArgument(given, "source"), "path");

/** The number of the thread that runs the cells: there is no other. */
export const THREAD = 1;
