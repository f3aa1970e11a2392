/** `Map` → `Mapʹ`: what a notebook's own variable is called in the session that has the name of a global. */
export const shadowing = (name: string): string => `${name}\u02B9`;

/** A text by V8, such as an error's message, with such names as they were written. */
export function withoutShadowing(text: string): string {
  // From the beginnings of words only: from every character, long ones would take for ever.
  return text.replace(/(?<![\w$])([\w$]+)\u02B9/g, (marked, name: string) =>
    name in globalThis ? name : marked,
  );
}
