/**
 * Gives a function of the session's that takes the place of another what the cells see of that one: its name, its other
 * properties, and their own `Function.prototype`.
 */
export function inPlaceOf<StandIn extends object>(original: object, standIn: StandIn): StandIn {
  Object.defineProperties(standIn, Object.getOwnPropertyDescriptors(original));
  return Object.setPrototypeOf(standIn, Object.getPrototypeOf(original)) as StandIn;
}
