import type { QuickInfo } from "./compiler-messages.js";

/** What is known about a name, as text. */
export function plainTextOf({ signature, now, documentation, tags, definitions }: QuickInfo): string {
  const lines = tags.map(({ name, text }) => `@${name} ${text}`.trimEnd());
  const sources = definitions.map(({ place, text }) => `Source:${place ? ` ${place}` : ""}\n${text}`);
  const value = now === undefined ? "" : `Now: ${now}`;
  return [signature, value, documentation, lines.join("\n"), ...sources]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Whether a tag's text is more than a sentence on several lines: a block only is one on lines of its own. */
function holdsBlock(tag: string, text: string): boolean {
  return tag === "example" ? text.includes("\n") : /^```|\n\s*(?:\n|```|[-*+] |\d+\. )/.test(text);
}

/** What is known about a name, as Markdown. */
export function markdownOf({ signature, now, documentation, tags, definitions }: QuickInfo): string {
  const lines = tags.map(({ name, text }) =>
    `*@${name}*${holdsBlock(name, text) ? "\n\n" : " "}${text}`.trimEnd(),
  );
  const sources = definitions.map(
    ({ place, text }) => `*Source*${place ? ` \`${place}\`` : ""}\n\n${codeBlock(text)}`,
  );
  const value = now === undefined ? "" : `*Now*\n\n${codeBlock(now)}`;
  return [codeBlock(signature), value, documentation, lines.join("\n\n"), ...sources]
    .filter((part) => part !== "")
    .join("\n\n");
}

const codeBlock = (code: string): string => `\`\`\`typescript\n${code}\n\`\`\``;
