type Config = Record<string, unknown>;

export const layer = (kind: string, config: Config = {}, nodes: unknown[] = []): Config => ({
  class_name: kind,
  name: config.name ?? "odd",
  config: { name: "odd", ...config },
  inbound_nodes: nodes,
});
export const input = (name = "x", shape: unknown = [null, 5, 2]) =>
  layer("InputLayer", { name, batch_input_shape: shape, dtype: "float32" });
export const sequential = (...layers: unknown[]) => ({
  class_name: "Sequential",
  config: { name: "model", layers },
});
/** A functional model of Keras 2 from x to the output of one layer. */
export const graph = (layers: unknown[], output: unknown = ["odd", 0, 0]) => ({
  class_name: "Functional",
  config: {
    name: "model",
    layers: [input(), ...layers],
    input_layers: [["x", 0, 0]],
    output_layers: [output],
  },
});
export const called = (kind: string, config: Config, kwargs: Config = {}) =>
  graph([layer(kind, config, [[["x", 0, 0, kwargs]]])]);
export const op = (called: string, ...node: unknown[]) =>
  graph([layer("TFOpLambda", { function: called }, node)]);
export const x = { class_name: "__keras_tensor__", config: { keras_history: ["x", 0, 0] } };
export const dense = (config: Config) => sequential(input(), layer("Dense", { units: 1, ...config }));

export const HELP =
  "change this in Python, give the new model the weights with set_weights(), and save it again";
export const DAMAGED =
  "the file is not as Keras writes it: save the model again in Python, or copy the file again";
