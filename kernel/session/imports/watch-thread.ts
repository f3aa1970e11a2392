/** The hook on resolving where Node runs hooks in a thread of their own, before version 22.15. Node calls the exports. */
import Module from "node:module";
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Failures } from "../errors/module-urls.js";
import { skipAbsentPackages } from "./absent-packages.js";
import { type Context, type Failure, mended, type Resolved, watched } from "./module-watch.js";

const failures: Failures = new Map();
/** Tells what has failed, and hears what is imported. */
let session: MessagePort;

export function initialize(port: MessagePort): void {
  session = port;
  skipAbsentPackages(Module as unknown as Parameters<typeof skipAbsentPackages>[0]);
}

type Next = (specifier: string, context: Context) => Promise<Resolved>;

async function resolveNow(specifier: string, context: Context, next: Next): Promise<Resolved> {
  try {
    return await next(specifier, context);
  } catch (error) {
    const url = mended(specifier, context);
    if (url === undefined) throw error;
    return next(url, context);
  }
}

export async function resolve(specifier: string, context: Context, next: Next): Promise<Resolved> {
  const resolved = await resolveNow(specifier, context, next);
  // Whatever the session told before it asked Node for a module is here by now.
  for (let told = receiveMessageOnPort(session); told !== undefined; told = receiveMessageOnPort(session)) {
    const [url, count] = told.message as Failure;
    failures.set(url, count);
  }
  return watched(resolved, context, failures, (sight) => session.postMessage(sight));
}
