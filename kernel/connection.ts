import { readFileSync } from "node:fs";

const CHANNELS = ["shell", "iopub", "stdin", "control", "hb"] as const;

export type Channel = (typeof CHANNELS)[number];

/** Where a front end expects the kernel, and the key that both sign their messages with. */
export interface Connection {
  readonly key: string;
  address(channel: Channel): string;
}

/**
 * Reads a connection file.
 *
 * @throws Error naming the file and the field, when it is not one
 */
export function readConnection(path: string): Connection {
  const fail = (rule: string, cause?: unknown): Error =>
    new Error(`Cannot read connection file ${path}: ${rule}`, { cause });
  let file: Readonly<Record<string, unknown>>;
  try {
    file = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw fail(error instanceof Error ? error.message : String(error), error);
  }
  const { transport, ip, key, signature_scheme: scheme } = file;
  if (transport !== "tcp" && transport !== "ipc")
    throw fail(`transport must be "tcp" or "ipc", got ${transport}`);
  if (typeof ip !== "string") throw fail(`ip must be a string, got ${ip}`);
  if (typeof key !== "string") throw fail(`key must be a string, got ${typeof key}`);
  if (key !== "" && scheme !== "hmac-sha256")
    throw fail(`signature_scheme must be "hmac-sha256", got ${scheme}`);
  for (const channel of CHANNELS) {
    const port = file[`${channel}_port`];
    if (typeof port !== "number") throw fail(`${channel}_port must be a number, got ${port}`);
  }
  return {
    key,
    address: (channel) => `${transport}://${ip}${transport === "tcp" ? ":" : "-"}${file[`${channel}_port`]}`,
  };
}
