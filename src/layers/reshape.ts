import { replaceMembers } from "../tfjs/patches.js";
import { stock } from "../tfjs/stock.js";

type Shape = (number | null)[];

const { prototype } = stock.Reshape;
const { computeOutputShape } = prototype;

replaceMembers("tfjs's Reshape", prototype, {
  computeOutputShape(inputShape) {
    const [batch = null, ...sizes] = inputShape as Shape;
    // A batch of any size, which says nothing of the others: tfjs would take it for a size that is not known.
    const [, ...result] = computeOutputShape.call(this, [1, ...sizes]) as Shape;
    return [batch, ...result];
  },
});
