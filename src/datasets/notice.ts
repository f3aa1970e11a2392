/** Tells the person at the notebook something that must not be overlooked. */
export type Notify = (message: string) => void;

/** Where notices go unless a loader is told otherwise: the one place that decides it. */
export const notifyByDefault: Notify = (message) => console.warn(message);
