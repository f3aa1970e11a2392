/** The key of the global through which trainings take part in interrupts: a kernel's session puts a {@link TrainingHost} there. */
export const trainingHostKey: unique symbol = Symbol.for("rnnlab.trainingHost");

/** A kernel that lets a training come to the end of its step when an interrupt comes. */
export interface TrainingHost<Model> {
  /** Sets the model's `stopTraining` then; to the code that waits for the training it never ends. */
  train<Result>(model: Model, train: () => Promise<Result>): Promise<Result>;
  isInterrupted(model: Model): boolean;
}
