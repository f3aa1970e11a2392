// All modules by name; each is also a module of its own, as in `import { show } from "rnnlab/plot"`.
export * from "./comm/index.js";
export * from "./datasets/index.js";
export * from "./display/index.js";
export * from "./help/index.js";
export * from "./layers/index.js";
export * from "./lecture/index.js";
export * from "./models/index.js";
export * from "./optimizers/index.js";
export * from "./plot/index.js";
export * from "./preprocessing/index.js";
export * from "./random/index.js";
export * from "./recurrent/index.js";
export * from "./recurrent-ops/index.js";
export * from "./table/index.js";
export * as tf from "./tensorflow.js";
export * from "./training/index.js";
