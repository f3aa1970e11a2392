import { graph, HELP, layer } from "./keras-configs.js";
import type { refusedModels } from "./refused-models.js";

const cells = { class_name: "StackedRNNCells", config: { name: "cells", cells: [cell("a"), cell("b")] } };

function cell(name: string) {
  return { class_name: "GRUCell", config: { name, units: 2 } };
}

/** What is refused in files of some versions of Keras, which compute it otherwise than the others. */
export const refusedByVersion: typeof refusedModels = [
  [
    graph([layer("RNN", { cell: cells, return_state: true }, [[["x", 0, 0, {}]]])]),
    "2.2.2",
    /^RNN \("odd"\): several cells must neither be given states nor put them out, which Keras before 2\.2\.4/,
    "load the model with Keras 2.2.4 or later in Python, see that it is right there, and save it again",
  ],
  [
    graph([
      layer("Masking", { name: "masking" }, [[["x", 0, 0, {}]]]),
      layer("BatchNormalization", {}, [[["masking", 0, 0, { training: true }]]]),
    ]),
    "2.11.0",
    /^BatchNormalization \("odd"\): it must not be called with training=True after a mask, .* before 2\.12, got both/,
    HELP,
  ],
];
