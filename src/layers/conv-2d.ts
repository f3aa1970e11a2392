import { stock } from "../tfjs/stock.js";
import { penaliseActivity } from "./activity-penalty.js";

/** Convolution over rows and columns, as tfjs's, and with `activityRegularizer`, which tfjs refuses when it is called. */
export class Conv2D extends stock.Conv2D {
  constructor({ activityRegularizer, ...args }: ConstructorParameters<typeof stock.Conv2D>[0]) {
    super(args);
    penaliseActivity(this, activityRegularizer ?? null);
  }
}
