import { figureHtml, figureText } from "../../src/plot/figure-html.js";
import { type Figure, figureSvg } from "../../src/plot/index.js";

/** A page with figures that needs no network. */
export function figuresPage(figures: readonly Figure[]): string {
  const bodies = figures.map((figure, index) =>
    figureHtml({
      ...{ figure, text: figureText(figure), svg: figureSvg(figure) },
      carriesLibrary: index === 0,
    }),
  );
  return `<!doctype html>
<meta charset="utf-8">
<title>rnnlab: bench</title>
<body style="max-width: 960px; margin: 2em auto; font-family: system-ui, sans-serif">
${bodies.join("\n")}
`;
}
