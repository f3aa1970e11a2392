import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { messageOf } from "../../src/platform/message-of.js";
import { shownValue } from "../shared/shown-value.js";

const CHANNELS = ["shell", "iopub", "stdin", "control", "hb"] as const;

export type Channel = (typeof CHANNELS)[number];

/** Where a front end expects the kernel, and the key that both sign their messages with. */
export interface Connection {
  readonly key: string;
  readonly ports: Readonly<Record<Channel, number>>;
  address(channel: Channel): string;
}

/**
 * Reads a connection file.
 *
 * @throws {Error} when it is not one, with the file, the field, its rule and its value
 */
export function readConnection(path: string): Connection {
  const fail = (rule: string, cause?: unknown): Error =>
    new Error(`Cannot read connection file ${path}: ${rule}`, { cause });
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw fail(messageOf(error), error);
  }
  if (!isObject(content)) throw fail(`it must hold a JSON object, got ${shownValue(content)}`);
  const file = content;
  const field = <Value>(name: string, rule: string, accepts: (value: unknown) => value is Value): Value => {
    const value = file[name];
    // The key is a secret.
    if (!accepts(value))
      throw fail(`${name} must be ${rule}, got ${name === "key" ? typeof value : shownValue(value)}`);
    return value;
  };
  const transport = field("transport", '"tcp" or "ipc"', isTransport);
  const ip = field("ip", transport === "tcp" ? "a host or an address" : "a path", isFilled);
  const key = field("key", "a string", isText);
  if (key !== "") field("signature_scheme", '"hmac-sha256"', isScheme);
  const port = (channel: Channel): number => field(`${channel}_port`, "an integer from 1 to 65535", isPort);
  const ports = Object.fromEntries(CHANNELS.map((channel) => [channel, port(channel)])) as Record<
    Channel,
    number
  >;
  for (const [index, channel] of CHANNELS.entries()) {
    const same = CHANNELS.slice(0, index).find((earlier) => ports[earlier] === ports[channel]);
    if (same !== undefined)
      throw fail(`${channel}_port must differ from ${same}_port, got ${ports[channel]} for both`);
  }
  // ZeroMQ wants brackets around the colons of an IPv6 address.
  const host = transport === "tcp" && isIP(ip) === 6 ? `[${ip}]` : ip;
  const separator = transport === "tcp" ? ":" : "-";
  return { key, ports, address: (channel) => `${transport}://${host}${separator}${ports[channel]}` };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): value is string => typeof value === "string";
const isFilled = (value: unknown): value is string => isText(value) && value !== "";
const isTransport = (value: unknown): value is "tcp" | "ipc" => value === "tcp" || value === "ipc";
const isScheme = (value: unknown): value is "hmac-sha256" => value === "hmac-sha256";

function isPort(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535;
}
