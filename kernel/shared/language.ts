/** The languages that cells can be in, as Jupyter names them. */
export const LANGUAGES = ["typescript", "javascript"] as const;

/** The language of a notebook's cells: one for the whole life of a kernel. */
export type Language = (typeof LANGUAGES)[number];

/** The notebook that a kernel is for, as far as the kernel knows it. */
export interface Notebook {
  /** Its folder, an absolute path. */
  readonly folder: string;
  readonly language: Language;
}

/** What distinguishes the kernels of the two languages outside the compiler and the session. */
export interface LanguageTraits {
  /** The language's own spelling. */
  readonly title: string;
  readonly mimetype: string;
  /** What a kernelspec's name ends in. */
  readonly suffix: string;
  /** The arguments of `rnnlab kernel` that choose it. */
  readonly options: readonly string[];
  /** The folder of its logos within `kernel/resources`. */
  readonly logos: string;
}

export const TRAITS: Readonly<Record<Language, LanguageTraits>> = {
  typescript: {
    title: "TypeScript",
    mimetype: "application/typescript",
    suffix: "",
    options: [],
    logos: ".",
  },
  javascript: {
    title: "JavaScript",
    mimetype: "text/javascript",
    suffix: "-javascript",
    options: ["--javascript"],
    logos: "javascript",
  },
};
