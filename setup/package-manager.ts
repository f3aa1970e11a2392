import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A program that installs packages into a project. */
export interface PackageManager {
  readonly command: string;
  /** How the project's package.json names it, in `packageManager`. */
  readonly named: RegExp;
  /** What lies beside the package.json of a project that uses it. */
  readonly files: readonly string[];
  /** How it adds packages, in exactly the given versions, without running their scripts. */
  readonly add: readonly string[];
  /** What `add` cannot say. */
  readonly env?: NodeJS.ProcessEnv;
}

/** The one that Node brings. */
export const NPM: PackageManager = {
  command: "npm",
  named: /^npm@/,
  files: ["package-lock.json", "npm-shrinkwrap.json"],
  add: ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact"],
};

const MANAGERS: readonly PackageManager[] = [
  NPM,
  {
    command: "pnpm",
    named: /^pnpm@/,
    files: ["pnpm-lock.yaml"],
    add: ["add", "--ignore-scripts", "--ignore-workspace-root-check", "--save-exact"],
  },
  // The newer Yarn: TensorFlow's library cannot be loaded out of an archive, so there is a .yarnrc.yml that says so.
  {
    command: "yarn",
    named: /^yarn@([2-9]|\d\d)/,
    files: [".yarnrc.yml"],
    add: ["add", "--exact"],
    env: { YARN_ENABLE_SCRIPTS: "false" },
  },
  {
    command: "yarn",
    named: /^yarn@[01]\./,
    files: ["yarn.lock"],
    add: ["add", "--ignore-scripts", "--ignore-workspace-root-check", "--non-interactive", "--exact"],
  },
  {
    command: "bun",
    named: /^bun@/,
    files: ["bun.lock", "bun.lockb"],
    add: ["add", "--ignore-scripts", "--exact"],
  },
];

/**
 * The package manager of a project: the one that its package.json names, else the one whose files are nearest.
 *
 * @param project - the project's folder, or one of a workspace
 * @returns npm, where nothing says otherwise
 */
export function packageManagerOf(project: string): PackageManager {
  const manifest = join(project, "package.json");
  const name = existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).packageManager : undefined;
  const found =
    MANAGERS.find(({ named }) => named.test(String(name))) ??
    MANAGERS.find(({ files }) => files.some((file) => existsSync(join(project, file))));
  const parent = dirname(project);
  return found ?? (parent === project ? NPM : packageManagerOf(parent));
}
