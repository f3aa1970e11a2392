/**
 * The compiler's process: TypeScript takes seconds of one processor at times, and the sockets must not wait for it.
 * Used where there is no start-up snapshot, which begins where this ends.
 */
import { begin } from "./serve.js";

begin(...(process.argv.slice(2) as Parameters<typeof begin>));
