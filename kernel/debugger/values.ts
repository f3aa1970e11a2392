import type { Json } from "../protocol/wire.js";
import type { JsonObject } from "../shared/session-messages.js";
import type { Command, Evaluated, RemoteObject } from "./inspector.js";
import { Refusal } from "./protocol.js";

/** How many parts of a value are shown at once: more of them are put into ranges. */
const MOST_SHOWN = 100;
/** How many items a row has: see `session/inspection/inspection.ts`. */
const ROW = 5;

/** A value as the session describes it. */
export interface Row {
  readonly name: string;
  readonly text: string;
  readonly type: string;
  readonly parts: number;
  readonly value: RemoteObject;
}

/** What can be opened: the parts of a value from one place to another. */
interface Opened {
  readonly objectId: string;
  readonly from: number;
  readonly to: number;
}

interface Property {
  readonly name: string;
  readonly value?: RemoteObject;
}

/** Takes what an evaluation has come to. @throws {Refusal} with what it has thrown */
function resultOf(response: JsonObject): RemoteObject {
  const { result, exceptionDetails } = response as unknown as Evaluated;
  if (exceptionDetails === undefined) return result;
  const { text, exception } = exceptionDetails;
  throw new Refusal(String(exception?.description ?? exception?.value ?? text).split("\n")[0]);
}

/** Looks at values in the session, through what that says of them. Opened values are numbered. */
export class Values {
  readonly #command: Command;
  readonly #group: string;
  readonly #opened = new Map<number, Opened>();
  readonly #newId: () => number;
  #session: string | undefined;
  /** Whether the front end shows of most values nothing but their type. */
  tellsValueByType = false;

  /**
   * @param group - under what name V8 keeps the values
   * @param newId - numbers what can be opened
   */
  constructor(command: Command, group: string, newId: () => number) {
    this.#command = command;
    this.#group = group;
    this.#newId = newId;
  }

  /** Lets go of all values. */
  async forget(): Promise<void> {
    this.#opened.clear();
    this.#session = undefined;
    await this.#command("Runtime.releaseObjectGroup", { objectGroup: this.#group });
  }

  /** Evaluates JavaScript in the notebook's scope. */
  async evaluate(expression: string): Promise<RemoteObject> {
    return resultOf(
      await this.#command("Runtime.evaluate", { expression, silent: true, objectGroup: this.#group }),
    );
  }

  /** Evaluates JavaScript in a frame of stopped code. */
  async evaluateIn(callFrameId: string, expression: string): Promise<RemoteObject> {
    const params = { callFrameId, expression, silent: true, objectGroup: this.#group };
    return resultOf(await this.#command("Debugger.evaluateOnCallFrame", params));
  }

  /** Calls a method of the session's inspection. */
  async call(method: string, ...values: readonly (RemoteObject | string | number)[]): Promise<RemoteObject> {
    this.#session ??= (await this.evaluate("__rnnlab__.inspection")).objectId;
    return resultOf(
      await this.#command("Runtime.callFunctionOn", {
        objectId: this.#session,
        functionDeclaration: `function (...values) { return this.${method}(...values); }`,
        arguments: values.map((value) => (typeof value === "object" ? argumentOf(value) : { value })),
        silent: true,
        objectGroup: this.#group,
      }),
    );
  }

  /** The rows of a list that the session has made. */
  async rows({ objectId }: RemoteObject): Promise<Row[]> {
    if (objectId === undefined) throw new Refusal("The session cannot describe its values");
    const response = await this.#command("Runtime.getProperties", { objectId, ownProperties: true });
    const items = (response.result as readonly Property[]).filter(({ name }) => /^\d+$/.test(name));
    const rows: Row[] = [];
    for (let at = 0; at + ROW <= items.length; at += ROW) {
      const [name, text, type, parts, value] = items.slice(at, at + ROW).map((item) => item.value);
      rows.push({
        name: String(name?.value),
        text: String(text?.value),
        type: String(type?.value),
        parts: Number(parts?.value),
        value: value ?? { type: "undefined" },
      });
    }
    return rows;
  }

  async describe(value: RemoteObject): Promise<Row> {
    const [row] = await this.rows(await this.call("one", value));
    if (row === undefined) throw new Refusal("The session cannot describe the value");
    return row;
  }

  /** A row as the protocol has it. @param type - what TypeScript says of its type */
  variable({ name, text, type, parts, value: { objectId } }: Row, known?: string): Json {
    const variablesReference =
      parts === 0 || objectId === undefined ? 0 : this.#open({ objectId, from: 0, to: parts });
    const typed = typeText(type, known);
    const isSaid = typed === text || type.endsWith("Function");
    const shown = this.tellsValueByType && !isSaid ? `${typed} = ${text}` : typed;
    return { name, value: text, type: shown, evaluateName: name, variablesReference };
  }

  isOpen(reference: number): boolean {
    return this.#opened.has(reference);
  }

  /** The parts of an opened value. */
  async children(reference: number): Promise<Json[]> {
    const { objectId, from, to } = this.#at(reference);
    const count = to - from;
    if (count > MOST_SHOWN) {
      const size = MOST_SHOWN ** Math.ceil(Math.log(count) / Math.log(MOST_SHOWN) - 1);
      return Array.from({ length: Math.ceil(count / size) }, (_, index) => {
        const start = from + index * size;
        const end = Math.min(start + size, to);
        const variablesReference = this.#open({ objectId, from: start, to: end });
        return {
          name: `[${start} … ${end - 1}]`,
          value: `${end - start} entries`,
          type: "",
          variablesReference,
        };
      });
    }
    const list = await this.call("parts", { type: "object", objectId }, from, to);
    return (await this.rows(list)).map((row) => this.variable(row));
  }

  /** Gives a part of an opened value another value. */
  async assign(reference: number, name: string, value: RemoteObject): Promise<void> {
    const { objectId } = this.#at(reference);
    const { value: done } = await this.call("assign", { type: "object", objectId }, name, value);
    if (done !== true) throw new Refusal(`${name} cannot be set`);
  }

  #at(reference: number): Opened {
    const opened = this.#opened.get(reference);
    if (opened === undefined)
      throw new Refusal(`variablesReference must be one of a value that is shown, got ${reference}`);
    return opened;
  }

  #open(opened: Opened): number {
    const id = this.#newId();
    this.#opened.set(id, opened);
    return id;
  }
}

function argumentOf(value: RemoteObject): JsonObject {
  const { objectId, unserializableValue } = value as RemoteObject & { readonly unserializableValue?: string };
  if (objectId !== undefined) return { objectId };
  return unserializableValue === undefined ? { value: value.value } : { unserializableValue };
}

/** TypeScript's type and, where that does not say it, the class that the value has when the code runs. */
function typeText(runtime: string, known: string | undefined): string {
  if (known === undefined) return runtime;
  const says =
    /^[a-z]/.test(runtime) ||
    runtime === "Object" ||
    runtime === "Function" ||
    known.replace(/^readonly /, "").startsWith(runtime) ||
    (runtime === "Array" && known.endsWith("]"));
  return says ? known : `${known} (${runtime})`;
}
