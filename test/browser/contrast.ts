import type { Page } from "playwright-core";

/** A text of an output that is hard to read on its background. */
export interface FaintText {
  readonly text: string;
  readonly color: string;
  readonly background: string;
  /** The contrast ratio of WCAG 2, from 1 to 21. */
  readonly ratio: number;
}

/**
 * Finds the texts below cells whose contrast is less than WCAG's level AA asks for: 4.5. A figure's texts have one grey
 * for both themes, and no grey reaches more than 4.34 on white and on JupyterLab's black (#111): they shall reach 4.2.
 * Pictures are looked into: their markup takes the picture's place first. Left out are the numbers in the cells of heat
 * maps, black or white as plotly finds fit for the cell, whose colour is a pixel of a picture.
 */
export async function faintTexts(page: Page): Promise<FaintText[]> {
  return page.evaluate<FaintText[]>(`(() => {
    const rgba = (color) => {
      const [r = 0, g = 0, b = 0, a = 1] = (color.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
      return [r, g, b, a];
    };
    const over = ([r, g, b, a], below) => [r, g, b].map((value, i) => value * a + below[i] * (1 - a)).concat(1);
    const luminance = (color) => {
      const [r, g, b] = color.map((value) => value / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const backgroundOf = (element) => {
      const own = rgba(getComputedStyle(element).backgroundColor);
      if (own[3] === 1) return own;
      return over(own, element.parentElement === null ? [255, 255, 255, 1] : backgroundOf(element.parentElement));
    };
    for (const image of document.querySelectorAll(".jp-RenderedSVG img")) {
      image.outerHTML = decodeURIComponent(image.src.replace(/^[^,]*,/, ""));
    }
    const outputs = document.querySelectorAll(".jp-OutputArea-output");
    const faint = [];
    for (const output of outputs) {
      const texts = document.createTreeWalker(output, NodeFilter.SHOW_TEXT);
      for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
        const element = node.parentElement;
        if (node.data.trim() === "" || !element.checkVisibility({ opacityProperty: true })) continue;
        if (element.closest("script, style, .modebar, .jp-OutputPrompt, .heatmap-label") !== null) continue;
        const style = getComputedStyle(element);
        const drawn = element instanceof SVGElement;
        const ink = rgba(drawn ? style.fill : style.color);
        ink[3] *= Number(drawn ? style.fillOpacity : 1);
        for (let each = element; each !== output; each = each.parentElement) ink[3] *= Number(getComputedStyle(each).opacity);
        const background = backgroundOf(element);
        const color = over(ink, background);
        const [low, high] = [luminance(color), luminance(background)].sort((a, b) => a - b);
        const ratio = (high + 0.05) / (low + 0.05);
        if (ratio < (drawn ? 4.2 : 4.5)) {
          const name = (value) => "rgb(" + value.slice(0, 3).map(Math.round).join(", ") + ")";
          faint.push({ text: node.data.trim().slice(0, 60), color: name(color), background: name(background), ratio });
        }
      }
    }
    return faint;
  })()`);
}
