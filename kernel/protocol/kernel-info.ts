import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";
import { type Language, TRAITS } from "../shared/language.js";
import { PROTOCOL_VERSION } from "./wire.js";

function versionOf(packageJson: string): string {
  return (JSON.parse(readFileSync(packageJson, "utf8")) as { version: string }).version;
}

const version = versionOf(join(packageRoot, "package.json"));
const typescript = versionOf(require.resolve("typescript/package.json"));

/** How front ends show and save the code, by the language of the cells. */
const LANGUAGE_INFO = {
  typescript: {
    name: "typescript",
    version: typescript,
    mimetype: TRAITS.typescript.mimetype,
    file_extension: ".ts",
    pygments_lexer: "typescript",
    codemirror_mode: { name: "javascript", typescript: true },
    nbconvert_exporter: "script",
  },
  javascript: {
    name: "javascript",
    version: process.versions.node,
    mimetype: TRAITS.javascript.mimetype,
    file_extension: ".js",
    pygments_lexer: "javascript",
    codemirror_mode: { name: "javascript" },
    nbconvert_exporter: "script",
  },
} as const;

const HANDBOOK = {
  typescript: {
    text: "TypeScript handbook",
    url: "https://www.typescriptlang.org/docs/handbook/intro.html",
  },
  javascript: { text: "JavaScript guide", url: "https://developer.mozilla.org/docs/Web/JavaScript/Guide" },
} as const;

/** The content of `kernel_info_reply`. */
export const kernelInfo = (language: Language) =>
  ({
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "rnnlab",
    implementation_version: version,
    language_info: LANGUAGE_INFO[language],
    banner: `rnnlab ${version}: ${language === "typescript" ? `TypeScript ${typescript}` : TRAITS[language].title} on Node.js ${process.versions.node}`,
    help_links: [
      HANDBOOK[language],
      { text: "TensorFlow.js", url: "https://js.tensorflow.org/api/latest/" },
      { text: "plotly.js", url: "https://plotly.com/javascript/" },
    ],
    debugger: true,
    supported_features: ["debugger"],
  }) as const;
