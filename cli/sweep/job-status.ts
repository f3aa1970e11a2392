/** How a run's process ends if its time was over; `timeout` of the coreutils says the same. */
export const TIMED_OUT = 124;
/** How it ends if its arguments were wrong. */
export const MISUSED = 2;
