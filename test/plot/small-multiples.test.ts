import assert from "node:assert/strict";
import { test } from "node:test";
import {
  figureSvg,
  forecastFigure,
  heatmapFigure,
  historyFigure,
  lineFigure,
  smallMultiples,
} from "rnnlab/plot";

const line = (name: string) => lineFigure({ name, y: [1, 2] }, { title: name });
const domains = (figures: number, columns: number) => {
  const { layout } = smallMultiples(
    Array.from({ length: figures }, () => line("a")),
    { columns },
  );
  return Array.from({ length: figures }, (_, i) => {
    const at = i === 0 ? "" : i + 1;
    const [x, y] = [layout[`xaxis${at}`], layout[`yaxis${at}`]] as { domain: [number, number] }[];
    return { x: x!.domain, y: y!.domain };
  });
};

test("panels do not overlap, and go from left to right and from top to bottom", () => {
  const [first, second, third] = domains(3, 2);
  assert.ok(first!.x[1] < second!.x[0] && first!.y[0] === second!.y[0]);
  assert.ok(third!.y[1] < first!.y[0] && third!.x[0] === first!.x[0]);
  assert.ok(
    Math.abs(second!.x[1] - 1) < 1e-9 && Math.abs(first!.y[1] - 1) < 1e-9 && Math.abs(third!.y[0]) < 1e-9,
  );
});

test("a series has one entry in the legend and one colour in all panels", () => {
  const panel = (title: string) =>
    lineFigure(
      ["truth", "prediction"].map((name) => ({ name, y: [1, 2] })),
      { title },
    );
  const { data } = smallMultiples([panel("one"), panel("two")]);
  assert.deepEqual(
    data.map(({ showlegend = true }) => showlegend),
    [true, true, false, false],
  );
  const colors = data.map((trace) => (trace.line as { color: string }).color);
  assert.deepEqual(colors.slice(0, 2), colors.slice(2));
});

test("heat maps of the same range have one colour scale, others their own", () => {
  const gate = (range: [number, number]) => heatmapFigure([[0, 1]], { range });
  const shown = (figures: ReturnType<typeof gate>[]) =>
    smallMultiples(figures).data.map(({ showscale = true }) => showscale);
  assert.deepEqual(shown([gate([0, 1]), gate([0, 1])]), [true, false]);
  assert.deepEqual(shown([gate([0, 1]), gate([0, 2])]), [true, true]);
});

test("shapes and notes stay in their panel", () => {
  const forecast = forecastFigure({ x: [1, 2, 3], truth: [1, 2, 3], trainRows: 1, predictions: [] });
  const { layout } = smallMultiples([line("a"), forecast]);
  const [shape] = layout.shapes as { xref: string; yref: string }[];
  assert.deepEqual([shape?.xref, shape?.yref], ["x2", "y2 domain"]);
});

test("shared axes are zoomed together", () => {
  const { layout } = smallMultiples([line("a"), line("b")], { share: "x" });
  assert.equal((layout.xaxis2 as { matches?: string }).matches, "x");
  assert.equal((layout.yaxis2 as { matches?: string }).matches, undefined);
});

test("panels are drawn in the picture, each with its title", () => {
  const svg = figureSvg(smallMultiples(["a", "b", "c"].map(line), { title: "All" })) ?? "";
  assert.deepEqual(svg.match(/>(All|[abc])</g)?.sort(), [">All<", ">a<", ">a<", ">b<", ">b<", ">c<", ">c<"]);
  assert.equal(svg.match(/overflow="hidden"/g)?.length, 3);
});

test("what is no panel is refused", () => {
  const nested = historyFigure({ loss: [1, 2], metrics: { accuracy: [0, 1] } });
  const refusals: [() => unknown, string][] = [
    [() => smallMultiples([]), "there must be at least one figure, got none"],
    [() => smallMultiples([line("a")], { columns: 0 }), "columns must be a positive integer, got 0"],
    [
      () => smallMultiples([line("a"), nested]),
      "each figure must have one pair of axes, got more in figure 1",
    ],
  ];
  for (const [build, rule] of refusals) {
    assert.throws(build, { name: "RangeError", message: `Cannot build small multiples: ${rule}` });
  }
});
