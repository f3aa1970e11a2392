/** The campaign's cells in the languages of the kernels that it can drive. */
import type { KernelChoice } from "../kernel-choice.js";
import { javascript } from "./javascript.js";
import type { Language } from "./language.js";
import { python } from "./python.js";

export type { Hostile, Language, Loop } from "./language.js";

export const languages: Readonly<Record<KernelChoice["language"], Language>> = { javascript, python };
