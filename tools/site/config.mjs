// VitePress's configuration. `npm run site` copies it beside the pages that it lays out.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// VitePress is started in the project's folder.
const { slugOf } = createRequire(`${process.cwd()}/`)("./dist/scripts/checks/links.js");
const { base, sidebar } = JSON.parse(readFileSync(new URL("./site.json", import.meta.url), "utf8"));

// biome-ignore lint/style/noDefaultExport: VitePress reads the default export
export default {
  title: "rnnlab",
  description: "A TypeScript kernel for Jupyter, with modules for recurrent neural networks",
  lang: "en",
  base,
  // VitePress puts the base before links, but not here.
  head: [["link", { rel: "icon", href: `${base}logo.svg` }]],
  markdown: { anchor: { slugify: slugOf } },
  vite: { build: { chunkSizeWarningLimit: 4000 } },
  themeConfig: {
    logo: "/logo.svg",
    search: { provider: "local" },
    outline: [2, 3],
    sidebar,
    nav: [
      { text: "Getting started", link: "/getting-started" },
      { text: "Documentation", link: "/documentation" },
      { text: "Lectures", link: sidebar[1].items[0].link },
      { text: "Modules", link: "/api/" },
    ],
  },
};
