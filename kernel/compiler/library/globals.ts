import { newerLibrary } from "./newer-library.js";
import { webAssembly } from "./web-assembly.js";

/** Declares what the session offers to every cell besides Node's own globals. */
const SESSION = `
/**
 * Asks the person at the notebook for a line of text, and waits for it.
 *
 * @param message - the question
 * @param preset - what an empty answer stands for
 * @returns the answer
 */
declare function prompt(message?: string, preset?: string): string | null;

/**
 * Shows a message below the cell.
 *
 * @param message - any value
 */
declare function alert(message?: unknown): void;

/**
 * Asks the person at the notebook a question, and waits for the answer.
 *
 * @param message - the question
 * @returns true for the answers \`y\` and \`yes\`
 */
declare function confirm(message?: string): boolean;

/**
 * Asks the person at the notebook for a line of text, while timers and promises go on.
 *
 * @param text - the question
 * @param options - with \`password: true\` what is typed stays hidden
 * @returns a promise of the answer
 */
declare function input(text?: string, options?: { readonly password?: boolean }): Promise<string>;

/** What is written into the name itself has no types. */
declare module "data:*";
`;

/** Declares all that cells have besides what the types of TypeScript and Node.js know. */
export const globals = (): string => SESSION + webAssembly() + newerLibrary();
