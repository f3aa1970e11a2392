/** Work that takes some of a number of places while it runs. */
export interface Job<T> {
  readonly places: number;
  readonly run: () => Promise<T>;
}

/**
 * Runs jobs side by side. They begin in the order in which they are given, each as soon as its places are free.
 *
 * @param jobs - the jobs
 * @param places - how many places there are, at least as many as any job takes
 * @returns what each job resolved to, in the order in which they ended
 * @throws {Error} when a job rejects, with that
 */
export async function inParallel<T>(jobs: readonly Job<T>[], places: number): Promise<T[]> {
  const results: T[] = [];
  const running = new Set<Promise<unknown>>();
  let free = places;
  for (const job of jobs) {
    while (free < job.places) await Promise.race(running);
    free -= job.places;
    const ended = job.run().then((result) => {
      results.push(result);
      running.delete(ended);
      free += job.places;
    });
    running.add(ended);
  }
  await Promise.all(running);
  return results;
}
