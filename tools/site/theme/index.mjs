// The default theme, with the outputs of the lectures' cells.
import DefaultTheme from "vitepress/theme";
import "katex/dist/katex.min.css";
import { CellOutput } from "./cell-output.mjs";
import "./style.css";

// biome-ignore lint/style/noDefaultExport: VitePress reads the default export
export default {
  extends: DefaultTheme,
  enhanceApp: ({ app }) => app.component("CellOutput", CellOutput),
};
