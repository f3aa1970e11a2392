/**
 * The URLs of ES modules. Node keeps a module that failed for as long as the process lives, so the next try has another
 * URL. What people read has the one that they know.
 */

/** How often each module has failed, by its URL. */
export type Failures = Map<string, number>;

/** The URL under which Node has not seen a module fail. */
export function currentUrl(url: string, failures: Failures): string {
  const count = failures.get(url);
  return count === undefined ? url : `${url}#again=${count}`;
}

/** A URL, or a text with places in modules, as it was before any of them failed. */
export const withoutCounts = (text: string): string => text.replace(/#again=\d+(?=:\d|$)/g, "");
