import ts from "typescript";

type Resolve = (specifier: string, options: ts.CompilerOptions) => ts.ResolvedModuleFull | undefined;

/** What TypeScript 6 keeps out of its declarations: the option by which it looks for code and passes over types. */
interface CodeOptions extends ts.CompilerOptions {
  readonly noDtsResolution?: boolean;
}

/**
 * What has to be loaded for an import that the tsconfig's `paths` or `baseUrl` send elsewhere, since Node does not know them.
 *
 * @param options - with the notebook's `paths`
 * @param resolve - resolves from the importing file
 * @returns a file or, where a package as a whole is meant, its name; undefined where Node finds the same by itself
 */
export function mappedModule(
  specifier: string,
  options: ts.CompilerOptions,
  resolve: Resolve,
): string | undefined {
  const targets = targetsOf(specifier, options);
  if (targets.length === 0 && (options.baseUrl === undefined || isPath(specifier))) return undefined;
  const { paths: _paths, baseUrl: _baseUrl, ...unmapped } = options;
  const codeOf = (each: string, settings: ts.CompilerOptions): string | undefined =>
    resolve(each, { ...settings, noDtsResolution: true } as CodeOptions)?.resolvedFileName;
  const found = codeOf(specifier, unmapped);
  const target = codeOf(specifier, options);
  // A declaration file says nothing of where the code is: where Node finds it or, failing that, beside.
  const code = target?.replace(/\.d\.([cm]?)ts$/, ".$1js");
  if (code === undefined || code === found) return undefined;
  if (code !== target && (found !== undefined || !ts.sys.fileExists(code))) return undefined;
  const [place, name] = PACKAGE.exec(code) ?? [];
  // By its name a package is one instance for all, and its `exports` choose the module.
  const isWhole =
    name !== undefined && targets.some((each) => /^.*[^/]/.exec(each)?.[0].endsWith(`node_modules/${name}`));
  return isWhole && codeOf(name, unmapped)?.startsWith(`${place}/`) ? name : code;
}

/** The folder and the name of the package that a file belongs to. */
const PACKAGE = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)(?=\/)/;

const isPath = (specifier: string): boolean => /^(?:\.{0,2}\/|\.{1,2}$)/.test(specifier);

/** Where the `paths` send a specifier. */
function targetsOf(specifier: string, { paths = {} }: ts.CompilerOptions): string[] {
  return Object.entries(paths).flatMap(([pattern, targets]) => {
    const [start = "", end] = pattern.split("*");
    if (end === undefined) return specifier === pattern ? targets : [];
    const length = specifier.length - start.length - end.length;
    if (length < 0 || !specifier.startsWith(start) || !specifier.endsWith(end)) return [];
    return targets.map((target) =>
      target.replace("*", () => specifier.slice(start.length, start.length + length)),
    );
  });
}
