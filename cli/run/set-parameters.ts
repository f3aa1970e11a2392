import { CompilerClient } from "../../kernel/compiler/client/compiler-client.js";
import { findingOf } from "../../kernel/requests/diagnostic-report.js";
import type { Parameter } from "../../kernel/shared/compiler-messages.js";
import type { Notebook } from "../../kernel/shared/language.js";
import {
  type DocumentCell,
  joinedText,
  type NotebookDocument,
  newCellId,
  tagsOf,
} from "../notebooks/notebook-document.js";
import type { Candidate, GivenValue } from "./parameter-values.js";

/** The tag of the cell that declares the parameters, and that of the cell that sets them: papermill's. */
const DECLARING = "parameters";
const INJECTED = "injected-parameters";

/** That the values do not fit the notebook, or the notebook takes none. */
export class ParameterError extends Error {}

/**
 * Gives a notebook other values for its parameters: adds a cell that declares them anew, after the one that is
 * tagged `parameters`, or in the place of an earlier one. The compiler checks each value against the declared type.
 *
 * @param path - what the notebook is called in errors
 * @param document - the notebook, which gets the cell
 * @param notebook - its folder and language
 * @param values - by the parameters' names
 * @returns the values as they were read
 * @throws {ParameterError} when a name is unknown or a value does not fit
 */
export async function setParameters(
  path: string,
  document: NotebookDocument,
  notebook: Notebook,
  values: ReadonlyMap<string, GivenValue>,
): Promise<Record<string, unknown>> {
  const lists = new Map([...values].map(([name, value]) => [name, [value]]));
  const { at, parameters, fitting } = await fitParameters(path, document, notebook, lists);
  const chosen = [...fitting].flatMap(([name, [candidate]]) => {
    const parameter = parameters.get(name);
    return parameter === undefined || candidate === undefined ? [] : [{ parameter, candidate }];
  });
  inject(
    document,
    at,
    chosen.map(({ parameter, candidate }) => declarationOf(parameter, candidate.expression)),
  );
  return Object.fromEntries(chosen.map(({ parameter: { name }, candidate: { value } }) => [name, value]));
}

/** How values fit the parameters of a notebook. */
interface Fit {
  /** The index of the cell that declares the parameters. */
  readonly at: number;
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** By the parameters' names, which reading of each value is meant. */
  readonly fitting: ReadonlyMap<string, readonly Candidate[]>;
}

/**
 * Checks values, by the compiler, against the types that a notebook's parameters are declared with.
 *
 * @param path - what the notebook is called in errors
 * @param document - the notebook
 * @param notebook - its folder and language
 * @param values - those that each parameter may be given, by the parameters' names
 * @returns which reading of each value is meant
 * @throws {ParameterError} when a name is unknown or a value does not fit
 */
export async function fitParameters(
  path: string,
  document: NotebookDocument,
  notebook: Notebook,
  values: ReadonlyMap<string, readonly GivenValue[]>,
): Promise<Fit> {
  const at = declaringCell(path, document);
  const declared = await askCompiler(path, document, at, notebook, values);
  const parameters = new Map(declared.map((parameter) => [parameter.name, parameter]));
  const problems: string[] = [];
  const fitting = new Map<string, Candidate[]>();
  for (const [name, given] of values) {
    const parameter = parameters.get(name);
    if (parameter === undefined) {
      problems.push(unknownName(path, at, name, declared));
      continue;
    }
    let from = 0;
    const chosen = given.map((value) => {
      const why = parameter.problems.slice(from, from + value.candidates.length);
      from += value.candidates.length;
      const candidate = value.candidates[why.indexOf(undefined)];
      if (candidate === undefined) problems.push(misfit(path, at, parameter, value, why[0]));
      return candidate;
    });
    fitting.set(
      name,
      chosen.flatMap((candidate) => candidate ?? []),
    );
  }
  if (problems.length > 0) throw new ParameterError(problems.join("\n"));
  return { at, parameters, fitting };
}

/** The index of the cell that is tagged. */
function declaringCell(path: string, { cells }: NotebookDocument): number {
  const tagged = cells.flatMap((cell, index) =>
    cell.cell_type === "code" && tagsOf(cell).includes(DECLARING) ? [index] : [],
  );
  const [first, second] = tagged;
  if (first !== undefined && second === undefined) return first;
  const got =
    first === undefined
      ? "none; tag the cell that declares them, in JupyterLab's property inspector for instance"
      : `cells ${tagged.map((index) => index + 1).join(" and ")}`;
  throw new ParameterError(
    `Cannot set parameters of ${path}: one code cell must have the tag "${DECLARING}", got ${got}`,
  );
}

/** What the cell declares, after the cells above it, and how the values fit. */
async function askCompiler(
  path: string,
  { cells }: NotebookDocument,
  at: number,
  { folder, language }: Notebook,
  values: ReadonlyMap<string, readonly GivenValue[]>,
): Promise<readonly Parameter[]> {
  const compiler = new CompilerClient(folder, language);
  try {
    const { signal } = new AbortController();
    for (const [index, cell] of cells.slice(0, at).entries()) {
      if (cell.cell_type !== "code") continue;
      // What is wrong with one of them shows when it runs.
      const source = joinedText(cell.source);
      const { declared } = await compiler.compile(index + 1, source, signal);
      if (declared !== undefined) await compiler.commit(index + 1, source);
    }
    const expressions = new Map(
      [...values].map(([name, given]) => [
        name,
        given.flatMap(({ candidates }) => candidates.map(({ expression }) => expression)),
      ]),
    );
    const result = await compiler.call("parameters", joinedText(cells[at]?.source), expressions);
    if (result.ok) return result.parameters;
    const [first] = result.diagnostics;
    if (first === undefined) return [];
    const { excerpt, message } = findingOf(first, `${path}, cell ${at + 1}`);
    throw new ParameterError(
      [
        `Cannot set parameters of ${path}: the cell that declares them cannot be parsed`,
        ...excerpt,
        message,
      ].join("\n"),
    );
  } finally {
    compiler.close();
  }
}

function unknownName(path: string, at: number, name: string, parameters: readonly Parameter[]): string {
  const names = parameters.map((parameter) => parameter.name);
  const known = names.length === 0 ? "no variable" : names.join(", ");
  return `Cannot set ${name}: it must be a parameter of ${path}, whose cell ${at + 1} declares ${known}`;
}

function misfit(
  path: string,
  at: number,
  { name, type, line }: Parameter,
  { shown, notJson }: GivenValue,
  problem: string | undefined,
): string {
  const got = shown.length <= 100 ? shown : `${shown.slice(0, 100)}…`;
  const why = notJson === undefined ? problem : `it is no JSON: ${notJson}`;
  return `Cannot set ${name}: it must be of type ${type}, as ${path} declares it in cell ${at + 1}, line ${line}, got ${got}\n  ${why}`;
}

const declarationOf = ({ keyword, name, annotation }: Parameter, expression: string): string =>
  `${keyword} ${name}${annotation === undefined ? "" : `: ${annotation}`} = ${expression};`;

function inject({ cells }: NotebookDocument, at: number, declarations: readonly string[]): void {
  const cell: DocumentCell = {
    id: newCellId(),
    cell_type: "code",
    metadata: { tags: [INJECTED] },
    source: ["// Parameters", ...declarations].join("\n"),
    outputs: [],
    execution_count: null,
  };
  const earlier = cells.findIndex((each) => tagsOf(each).includes(INJECTED));
  if (earlier === -1) cells.splice(at + 1, 0, cell);
  else cells.splice(earlier, 1, cell);
}
