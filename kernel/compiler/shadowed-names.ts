/**
 * What packages ask for to learn where they run, without declaring it: browsers, workers, module loaders, other runtimes.
 * A notebook's `const window = 15` is none of these.
 */
const ENVIRONMENT: ReadonlySet<string> = new Set(
  (
    "Bun Deno DedicatedWorkerGlobalScope EdgeRuntime Element HTMLElement Image Meteor MutationObserver Node Packages " +
    "ServiceWorkerGlobalScope SharedWorkerGlobalScope System WebSocket WorkerGlobalScope XMLHttpRequest " +
    "__non_webpack_require__ __webpack_require__ angular browser cancelAnimationFrame caches chrome customElements define " +
    "document exports frames history importScripts indexedDB jQuery java jest localStorage location matchMedia mocha " +
    "module navigator nw opera parent phantom requestAnimationFrame requirejs root screen self sessionStorage top window"
  ).split(" "),
);

/** What the session offers to every cell, and the cells may declare as well. */
const OFFERED: ReadonlySet<string> = new Set(
  "__dirname __filename alert confirm input prompt require".split(" "),
);

/** Whether a name stands for something in the session that no cell has declared. */
export const isOfferedName = (name: string): boolean => OFFERED.has(name);

/** Whether code of a package may ask for a name that it has not declared, to learn where it runs. */
export const isEnvironmentName = (name: string): boolean => ENVIRONMENT.has(name);

/** `Map` → `Mapʹ`: what a notebook's own variable is called in the session that has the name of a global. */
export const shadowing = (name: string): string => `${name}\u02B9`;

/**
 * A text by V8, such as an error's message, with such names as they were written.
 *
 * @param globals - of the realm in which the code has run
 */
export function withoutShadowing(text: string, globals: object): string {
  // From the beginnings of words only: from every character, long ones would take for ever.
  return text.replace(/(?<![\w$])([\w$]+)\u02B9/g, (marked, name: string) =>
    name in globals || isEnvironmentName(name) || isOfferedName(name) ? name : marked,
  );
}
