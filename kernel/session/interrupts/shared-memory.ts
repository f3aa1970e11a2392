/** What stands where in the memory that the session's two threads share: an `Int32Array` of {@link SHARED_LENGTH}. */

/** How many of the interrupts the main thread has noticed. */
export const HANDLED = 0;
/** How many answers to questions have come; the main thread may be waiting for a change. */
export const ANSWERS = 1;
/** How many interrupts have come. */
export const INTERRUPTS = 2;
/** How many models are being trained: they end by themselves, between two batches, when an interrupt comes. */
export const TRAININGS = 3;
/** 1 while the main thread waits for a child process. */
export const SYNC_CHILD = 4;
/** How deep the main thread is in sections that must not be terminated: `atomic.ts` enters and leaves them. */
export const SECTIONS = 5;
/** How many loads of packages are under way: only a second interrupt terminates them. */
export const LOADS = 6;
/** 1 from when the watchdog means to terminate code until that code has ended: no section may begin meanwhile. */
export const TERMINATING = 7;

/** 1 while a debugger is attached: then V8 may stop where a cell throws. */
export const DEBUGGING = 8;

export const SHARED_LENGTH = 9;
