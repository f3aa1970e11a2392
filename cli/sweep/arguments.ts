import { UsageError } from "../../src/platform/usage-error.js";
import { nameAndValue, parseArguments, readTimeout } from "../arguments.js";
import { readVariation, type Variation } from "./variation.js";

/** Where the runs are done. */
export type EngineChoice =
  | { readonly kind: "local"; readonly workers: number | undefined }
  | { readonly kind: "dask" | "ray"; readonly address: string };

/** How Optuna chooses the values. */
export interface StudyArguments {
  /** The file that keeps the study. */
  readonly file: string;
  readonly sampler: string;
  readonly direction: "minimize" | "maximize";
}

/** What the command line of `rnnlab sweep` asks for. */
export interface SweepArguments {
  readonly notebook: string;
  readonly variations: readonly Variation[];
  readonly samples: number | undefined;
  readonly seed: number;
  readonly study: StudyArguments | undefined;
  readonly metric: string | undefined;
  readonly engine: EngineChoice;
  readonly output: string | undefined;
  /** In seconds, for a whole run. */
  readonly timeout: number | undefined;
  readonly retries: number;
  readonly python: string | undefined;
  readonly notebooks: boolean;
  readonly redoFailed: boolean;
  readonly restart: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

const OPTIONS = {
  vary: { type: "string", multiple: true },
  parameter: { type: "string", short: "p", multiple: true },
  samples: { type: "string" },
  seed: { type: "string" },
  study: { type: "string" },
  sampler: { type: "string" },
  direction: { type: "string" },
  metric: { type: "string" },
  workers: { type: "string" },
  dask: { type: "string" },
  ray: { type: "string" },
  output: { type: "string" },
  timeout: { type: "string" },
  retries: { type: "string" },
  python: { type: "string" },
  notebooks: { type: "boolean" },
  "redo-failed": { type: "boolean" },
  restart: { type: "boolean" },
  yes: { type: "boolean" },
  json: { type: "boolean" },
} as const;

/** Optuna's samplers that need no other package and take any parameters. */
const SAMPLERS = ["tpe", "random", "qmc"] as const;
const DIRECTIONS = ["minimize", "maximize"] as const;
const MOST_WORKERS = 1000;
const RETRIES = 2;

type Values = ReturnType<typeof parseArguments<typeof OPTIONS>>["values"];

/**
 * Reads the arguments.
 *
 * @param args - what follows the command's name
 * @throws {UsageError} when they are wrong
 */
export function readSweepArguments(args: readonly string[]): SweepArguments {
  const { values, positionals } = parseArguments(args, OPTIONS);
  const [notebook, ...more] = positionals;
  if (notebook === undefined || more.length > 0)
    throw new UsageError(`sweep takes one notebook, got ${positionals.join(" ") || "none"}`);
  return {
    notebook,
    variations: readVariations(values),
    samples: integer("samples", values.samples, 1, Number.MAX_SAFE_INTEGER),
    seed: integer("seed", values.seed, 0, 2 ** 32 - 1) ?? 0,
    study: readStudy(values),
    metric: values.metric,
    engine: readEngine(values),
    output: values.output,
    timeout: readTimeout(values.timeout),
    retries: integer("retries", values.retries, 0, 100) ?? RETRIES,
    python: values.python,
    notebooks: values.notebooks ?? false,
    redoFailed: values["redo-failed"] ?? false,
    restart: values.restart ?? false,
    yes: values.yes ?? false,
    json: values.json ?? false,
  };
}

function readVariations({ vary = [], parameter = [], samples, study }: Values): Variation[] {
  if (vary.length === 0) throw new UsageError("sweep needs --vary NAME=VALUES, such as --vary seed=0..9");
  const draws = samples !== undefined || study !== undefined;
  const variations = [
    ...parameter.map((text): Variation => {
      const [name, value] = nameAndValue("-p", text);
      return { kind: "list", name, text: value, choices: [value] };
    }),
    ...vary.map((text) => readVariation(...nameAndValue("--vary", text), draws)),
  ];
  const names = variations.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`a parameter must be given once, got ${twice} twice`);
  return variations;
}

function readStudy(values: Values): StudyArguments | undefined {
  const { study, sampler = "tpe", direction = "minimize" } = values;
  if (study === undefined) {
    const option = (["sampler", "direction"] as const).find((name) => values[name] !== undefined);
    if (option !== undefined) throw new UsageError(`--${option} belongs to --study`);
    return undefined;
  }
  if (values.samples === undefined) throw new UsageError("--study needs --samples N, the number of runs");
  if (values.metric === undefined)
    throw new UsageError("--study needs --metric NAME, the figure that counts");
  const chosen = DIRECTIONS.find((each) => each === direction);
  if (chosen === undefined)
    throw new UsageError(`--direction must be ${DIRECTIONS.join(" or ")}, got ${JSON.stringify(direction)}`);
  if (!SAMPLERS.some((each) => each === sampler))
    throw new UsageError(`--sampler must be one of ${SAMPLERS.join(", ")}, got ${JSON.stringify(sampler)}`);
  return { file: study, sampler, direction: chosen };
}

function readEngine({ workers, dask, ray }: Values): EngineChoice {
  const given = Object.entries({ workers, dask, ray }).filter(([, value]) => value !== undefined);
  if (given.length > 1)
    throw new UsageError(`choose one of ${given.map(([name]) => `--${name}`).join(" and ")}`);
  for (const [kind, address] of Object.entries({ dask, ray })) {
    if (address === undefined) continue;
    if (address.trim() === "") throw new UsageError(`--${kind} takes an address, got an empty one`);
    return { kind: kind as "dask" | "ray", address };
  }
  return { kind: "local", workers: integer("workers", workers, 1, MOST_WORKERS) };
}

function integer(option: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new UsageError(
      `--${option} must be an integer from ${least} to ${most}, got ${JSON.stringify(text)}`,
    );
  return value;
}
