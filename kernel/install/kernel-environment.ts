import { spawnSync } from "node:child_process";

/** What a kernel is to be started with. */
export interface KernelEnvironment {
  /** Variables, each as `NAME=VALUE`. */
  readonly variables?: readonly string[] | undefined;
  /** Options of Node for the process that runs the cells, such as `--max-old-space-size=8192`. */
  readonly nodeOptions?: readonly string[] | undefined;
}

const VARIABLE = /^([A-Za-z_]\w*)=(.*)$/s;

/**
 * The environment of a kernelspec.
 *
 * @param asked - variables and options of Node
 * @returns the variables by name; the options are in `NODE_OPTIONS`, after those that a variable of that name has
 * @throws {RangeError} when a variable is not written as NAME=VALUE, or Node does not take an option in `NODE_OPTIONS`
 */
export function kernelEnvironment({
  variables = [],
  nodeOptions = [],
}: KernelEnvironment): Record<string, string> {
  const env = Object.fromEntries(
    variables.map((variable): [string, string] => {
      const [, name, value] = VARIABLE.exec(variable) ?? [];
      if (name === undefined || value === undefined)
        throw new RangeError(
          `Cannot install the kernel: --env must be NAME=VALUE, got ${JSON.stringify(variable)}`,
        );
      return [name, value];
    }),
  );
  if (nodeOptions.length > 0)
    env.NODE_OPTIONS = [env.NODE_OPTIONS, ...nodeOptions.map(quoted)].filter(Boolean).join(" ");
  if (env.NODE_OPTIONS !== undefined) requireNodeTakes(env.NODE_OPTIONS);
  return env;
}

/** Node takes a text in double quotes for one option. */
const quoted = (option: string): string =>
  /[\s"]/.test(option) ? `"${option.replace(/["\\]/g, "\\$&")}"` : option;

/** A kernel whose Node refuses its options would not start, and no front end would say why. */
function requireNodeTakes(options: string): void {
  const env = { ...process.env, NODE_OPTIONS: options };
  const { status, stderr } = spawnSync(process.execPath, ["-e", ""], { env, encoding: "utf8" });
  if (status !== 0)
    throw new RangeError(
      `Cannot install the kernel: NODE_OPTIONS must have options that Node takes there, got ${options} (${stderr.trim().split("\n")[0]})`,
    );
}
