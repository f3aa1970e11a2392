import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";
import { type Page, readPages } from "../checks/pages.js";
import { type LecturePage, lecturePage } from "./lecture-page.js";

/** The pages outside `docs/`, with their places on the site. */
const PLACES: Readonly<Record<string, string>> = {
  "README.md": "index.md",
  "CONTRIBUTING.md": "contributing.md",
  "CHANGELOG.md": "changelog.md",
  "docs/README.md": "documentation.md",
  "docs/api/README.md": "api/index.md",
};

/** What the browser fetches beside the pages. */
const ASSETS = {
  "plotly.js": "node_modules/plotly.js-dist/plotly.min.js",
  "logo.svg": "kernel/resources/logo-svg.svg",
} as const;

/** A group of the site's sidebar. */
interface SidebarGroup {
  readonly text: string;
  readonly items: readonly { readonly text: string; readonly link: string }[];
}

/**
 * Lays out what VitePress makes the site of: pages with the links of the site, pictures, lectures, sidebar, theme.
 *
 * @param folder - a folder of its own, which is emptied
 * @param base - the path under which the site will be served
 * @param notebooks - the lectures' notebooks, executed or not
 */
export function stage(folder: string, base: string, notebooks: readonly string[]): void {
  rmSync(folder, { recursive: true, force: true });
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const copy = (from: string, to: string): void => {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    copyFileSync(join(packageRoot, from), join(folder, to));
  };
  const pages = readPages();
  const places = new Map(pages.map(({ path }) => [path, placeOf(path)]));
  for (const page of pages) {
    const { text, pictures } = withLinksOfSite(page, places);
    write(placeOf(page.path), text);
    for (const picture of pictures) copy(picture, `public/pictures/${basename(picture)}`);
  }
  const lectures = notebooks.map((path) => lecturePage(basename(path, ".ipynb"), readFileSync(path, "utf8")));
  for (const { name, text, outputs, figures } of lectures) {
    write(`lectures/${name}.md`, text);
    write(`lectures/${name}.outputs.json`, JSON.stringify(outputs));
    figures.forEach((figure, index) => {
      write(`public/figures/${name}-${index}.json`, JSON.stringify(figure));
    });
  }
  for (const [name, from] of Object.entries(ASSETS)) copy(from, `public/${name}`);
  write(".vitepress/site.json", JSON.stringify({ base, sidebar: sidebar(pages, places, lectures) }));
  copy("tools/site/config.mjs", ".vitepress/config.mjs");
  for (const name of ["index.mjs", "cell-output.mjs", "style.css"]) {
    copy(`tools/site/theme/${name}`, `.vitepress/theme/${name}`);
  }
}

/** Where a page is on the site: those of `docs/` at the top, READMEs of the code by their folder's name. */
function placeOf(path: string): string {
  const inDocs = /^docs\/(.*)$/.exec(path)?.[1];
  return PLACES[path] ?? inDocs ?? `code/${dirname(path).split("/").join("-")}.md`;
}

/**
 * Turns the links of a page, which lead through the repository, into those of the site. A link to a file that is no page
 * becomes its text.
 *
 * @param page - a page
 * @param places - where each page is on the site
 * @returns the page's text, and the pictures that it shows
 */
function withLinksOfSite(
  { path, text }: Page,
  places: ReadonlyMap<string, string>,
): { text: string; pictures: string[] } {
  const pictures: string[] = [];
  const picture = (target: string): string => {
    pictures.push(join(dirname(path), target));
    return `/pictures/${basename(target)}`;
  };
  const themed =
    /<picture>\s*<source[^>]*srcset="([^"]+)"[^>]*>\s*<img alt="([^"]*)" src="([^"]+)">\s*<\/picture>/g;
  const changed = text
    .replace(themed, (_, dark: string, alt: string, light: string) =>
      [`![${alt}](${picture(light)}){.light-only}`, `![${alt}](${picture(dark)}){.dark-only}`].join("\n"),
    )
    .replace(
      /(!?)\[((?:`[^`]*`|[^\]`])*)\]\(([^)\s]+)\)/g,
      (whole, mark: string, label: string, target: string) => {
        if (/^([a-z]+:|#|\/)/.test(target)) return whole;
        if (mark === "!") return `![${label}](${picture(target)})`;
        const [file = "", anchor] = target.split("#");
        const to = join(dirname(path), file);
        const lecture = /^notebooks\/(.+)\.ipynb$/.exec(to)?.[1];
        const place = lecture === undefined ? places.get(to) : `lectures/${lecture}.md`;
        if (place === undefined) return label;
        return `[${label}](/${place}${anchor === undefined ? "" : `#${anchor}`})`;
      },
    );
  return { text: changed, pictures };
}

/** The groups of `docs/README.md`, with the lectures. */
function sidebar(
  pages: readonly Page[],
  places: ReadonlyMap<string, string>,
  lectures: readonly LecturePage[],
): SidebarGroup[] {
  const index = pages.find(({ path }) => path === "docs/README.md");
  if (index === undefined) throw new Error("Cannot make the site: docs/README.md must be there");
  const { text } = withLinksOfSite(index, places);
  const groups = text.split(/^## /m).slice(1);
  const listed = groups.map((group) => ({
    text: group.split("\n")[0] ?? "",
    items: [...group.matchAll(/^(?:- |\| )\[([^\]]+)\]\(\/([^)]+)\.md\)/gm)].map(
      ([, label = "", place = ""]) => ({
        text: label.replaceAll("`", ""),
        link: `/${place.replace(/(^|\/)index$/, "$1")}`,
      }),
    ),
  }));
  const [first, ...rest] = listed;
  const read = {
    text: "The lectures",
    items: lectures.map(({ name, title }) => ({ text: title, link: `/lectures/${name}` })),
  };
  return [...(first === undefined ? [] : [first]), read, ...rest];
}
