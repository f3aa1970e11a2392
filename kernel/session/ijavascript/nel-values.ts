import { type Bundler, bundleOf, checkedBundle, inspectValue } from "../output/mime.js";

type Bundle = Record<string, unknown>;

/** The methods by which values say in ijavascript how they are shown, with the MIME types of what they return. */
const HOOKS = {
  _toHtml: "text/html",
  _toSvg: "image/svg+xml",
  _toPng: "image/png",
  _toJpeg: "image/jpeg",
} as const;

/** What a value's own methods say of how it is shown; undefined where it has none of them. */
function bundleOfHooks(value: object): Bundle | undefined {
  const call = (name: string): unknown => {
    const hook: unknown = name in value ? Reflect.get(value, name) : undefined;
    return typeof hook === "function" ? Reflect.apply(hook, value, []) : undefined;
  };
  const bundle: Bundle = {};
  for (const [name, type] of Object.entries(HOOKS)) bundle[type] = call(name);
  Object.assign(bundle, call("_toMime"));
  return Object.values(bundle).some((data) => data !== undefined) ? bundle : undefined;
}

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** How a value is shown where the notebook says nothing of it: what it says itself, and text. */
export function defaultMimer(value: unknown): Bundle {
  const own = isObject(value) ? bundleOfHooks(value) : undefined;
  return { "text/plain": inspectValue(value), ...own };
}

/**
 * How a cell's value is shown: as the notebook's own `$$mimer$$` has it, as the value itself has it, or as everywhere.
 *
 * @param globals - the global object of the cells
 */
export const nelBundler =
  (globals: object): Bundler =>
  async (value, complain) => {
    if (value === undefined) return undefined;
    const mimer: unknown = Reflect.get(globals, "$$mimer$$");
    if (typeof mimer === "function" && mimer !== defaultMimer) {
      return checkedBundle(mimer(value), "what $$mimer$$ has returned");
    }
    return bundleOf(value, complain, bundleOfHooks);
  };
