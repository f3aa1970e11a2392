import { dirname, join } from "node:path";

/** Other versions of `@types/node` under names of their own: each describes the Node.js of its major version. */
const NEWER = [26, 24, 22];

/** The `package.json` of the types of the Node.js that runs the cells, or of the one before it that there are types of. */
export const NODE_TYPES = typesOf(process.versions.node);

/** The file that declares all of Node.js. */
export const NODE_TYPES_INDEX = join(dirname(NODE_TYPES), "index.d.ts");

function typesOf(version: string): string {
  for (const major of NEWER) {
    if (major > Number.parseInt(version, 10)) continue;
    try {
      return require.resolve(`types-node-${major}/package.json`);
    } catch {
      // It is not installed yet: an older one knows less.
    }
  }
  return require.resolve("@types/node/package.json");
}
