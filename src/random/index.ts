// Seeded random numbers, equal to NumPy's RandomState.
export { RandomGenerator } from "./random-generator.js";
