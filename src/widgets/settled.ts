/**
 * Calls code, now or in a promise, and hears of its end.
 *
 * @param code - what is called
 * @param failed - gets what it throws
 * @param ended - is called last
 * @returns what the code returns, undefined where it has thrown
 */
export function settled<Result>(
  code: () => Result,
  failed: (error: unknown) => void,
  ended: () => void,
): Result | undefined {
  let result: Result | undefined;
  try {
    result = code();
  } catch (error) {
    failed(error);
    ended();
    return undefined;
  }
  if (!(result instanceof Promise)) {
    ended();
    return result;
  }
  const end: Promise<unknown> = result.then(
    (value: unknown) => {
      ended();
      return value;
    },
    (error: unknown) => {
      failed(error);
      ended();
    },
  );
  return end as Result;
}
