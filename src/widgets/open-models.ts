import { registerCommTarget } from "../comm/index.js";
import { partBytes } from "./buffers.js";

/** What a page that is opened again asks of a model. */
interface OpenModel {
  wholeState(): Record<string, unknown>;
}

/** The models that the front end knows, by their names there. */
export const openModels = new Map<string, OpenModel>();

let answers = false;

/** From here on a page that is opened again gets all models at once. */
export function answerPages(): void {
  if (answers) return;
  answers = true;
  registerCommTarget("jupyter.widget.control", (comm) => {
    comm.onMessage(({ data }) => {
      if (data.method !== "request_states") return;
      const { json, paths, buffers } = partBytes(statesOfAll());
      comm.send({ method: "update_states", states: json, buffer_paths: paths }, { buffers });
    });
  });
}

function statesOfAll(): Record<string, unknown> {
  return Object.fromEntries(
    [...openModels].map(([id, model]) => {
      const state = model.wholeState();
      const { _model_name, _model_module, _model_module_version } = state;
      const names = {
        model_name: _model_name,
        model_module: _model_module,
        model_module_version: _model_module_version,
      };
      return [id, { ...names, state }];
    }),
  );
}
