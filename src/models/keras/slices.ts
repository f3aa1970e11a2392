import type { ItemKey, Slice } from "../../layers/get-item.js";
import { type Config, isConfig, kerasObject } from "./keras-values.js";
import { ofLayer, type Refuse } from "./refusal.js";

/**
 * Turns the operation that Keras writes for `x[:, -1]` into a layer with the key as an argument: GetItem of Keras 3,
 * SlicingOpLambda of Keras 2.
 *
 * @param written - a layer or operation of a functional model
 * @param refuse - for what is no slicing by numbers
 * @returns the layer; anything else as it is
 */
export function readSlice(written: unknown, refuse: Refuse): unknown {
  if (!isConfig(written)) return written;
  const { name, class_name: kind, inbound_nodes: nodes, config } = written;
  const isSlicing =
    kind === "SlicingOpLambda" || (isConfig(config) && config.function === "__operators__.getitem");
  if (kind !== "GetItem" && !isSlicing) return written;
  const refuseIt = ofLayer(refuse, String(kind), String(name));
  const [call, ...others] = Array.isArray(nodes) ? (nodes as unknown[]) : [];
  if (call === undefined || others.length > 0)
    return refuseIt(`it must slice once, got ${others.length + 1} calls`);
  const [source, key] = isConfig(call) ? readCall(call) : readFormerCall(call);
  const layer = kerasObject("keras.layers", "GetItem", {
    name,
    key: [key].flat().map((part) => readPart(part, refuseIt)),
  });
  return { ...layer, name, inbound_nodes: [source] };
}

/** Keras 3's `{ args: [x, key] }`. */
function readCall({ args, kwargs }: Config): [source: unknown, key: unknown] {
  const [x, key] = Array.isArray(args) ? args : [];
  const named = isConfig(kwargs) ? kwargs.key : undefined;
  return [{ args: [x], kwargs: {} }, key ?? named];
}

/** Keras 2's `[name, call, output, { slice_spec }]`, in a list or not. */
function readFormerCall(call: unknown): [source: unknown, key: unknown] {
  const list: unknown = Array.isArray(call) && Array.isArray(call[0]) ? call[0] : call;
  const [layer, node, output, kwargs] = Array.isArray(list) ? list : [];
  return [[[layer, node, output, {}]], isConfig(kwargs) ? kwargs.slice_spec : undefined];
}

function readPart(part: unknown, refuse: Refuse): ItemKey[number] {
  if (part === null || Number.isInteger(part)) return part as number | null;
  if (isConfig(part) && part.class_name === "__ellipsis__") return "...";
  const slice = isConfig(part) && isConfig(part.config) ? part.config : part;
  const isWhole = (value: unknown) => value == null || Number.isInteger(value);
  if (isConfig(slice) && "start" in slice && [slice.start, slice.stop, slice.step].every(isWhole)) {
    const { start, stop, step } = slice as typeof slice & Slice;
    return { start, stop, step };
  }
  return refuse(`key must be of whole numbers, as in x[:, -1] or x[..., 1:3], got ${JSON.stringify(part)}`, {
    help: "write the slice of each axis in Python, or use a layer, and save the model again",
  });
}

/** What Keras 3 writes for the key. */
export function writeKey(key: ItemKey): unknown[] {
  return key.map((part) => {
    if (part === null || typeof part === "number") return part;
    return part === "..."
      ? { class_name: "__ellipsis__", config: {} }
      : { class_name: "__slice__", config: { ...part } };
  });
}
