import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { PROTOCOL_VERSION } from "./wire.js";

function versionOf(packageJson: string): string {
  return (JSON.parse(readFileSync(packageJson, "utf8")) as { version: string }).version;
}

const version = versionOf(resolve(__dirname, "../../package.json"));
const typescript = versionOf(require.resolve("typescript/package.json"));

/** The content of `kernel_info_reply`. */
export const KERNEL_INFO = {
  status: "ok",
  protocol_version: PROTOCOL_VERSION,
  implementation: "rnnlab",
  implementation_version: version,
  language_info: {
    name: "typescript",
    version: typescript,
    mimetype: "application/typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    codemirror_mode: { name: "javascript", typescript: true },
    nbconvert_exporter: "script",
  },
  banner: `rnnlab ${version}: TypeScript ${typescript} on Node.js ${process.versions.node}`,
  help_links: [
    { text: "TypeScript handbook", url: "https://www.typescriptlang.org/docs/handbook/intro.html" },
    { text: "TensorFlow.js", url: "https://js.tensorflow.org/api/latest/" },
    { text: "plotly.js", url: "https://plotly.com/javascript/" },
  ],
  debugger: false,
} as const;
