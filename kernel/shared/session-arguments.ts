import { LANGUAGES, type Language } from "./language.js";

/** What a session is started with. */
export interface SessionArguments {
  readonly language: Language;
  /** The secret by which the protocol process tells the session's messages and marks from everything else. */
  readonly fence: string;
}

/** The arguments as the session's command line has them. */
export const writeSessionArguments = ({ language, fence }: SessionArguments): string[] => [language, fence];

/** Takes the arguments out of the session's command line, where cells are not to see them. */
export function takeSessionArguments(argv: string[]): SessionArguments {
  const [written, fence = ""] = argv.splice(2, 2);
  const language = LANGUAGES.find((each) => each === written) ?? "typescript";
  return { language, fence };
}
