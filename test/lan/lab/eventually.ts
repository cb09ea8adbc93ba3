/** How often a condition is looked at. */
const POLL_MS = 50

/**
 * Waits until `look` returns something other than undefined or false, and returns it.
 * After `withinMs` it rejects, with `what` and the last error.
 */
export async function eventually<T>(
  what: string,
  withinMs: number,
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const startedAt = performance.now()
  let lastError: unknown
  do {
    try {
      const seen = await look()
      if (seen !== undefined && seen !== false) return seen
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  } while (performance.now() - startedAt < withinMs)
  throw new Error(`not within ${withinMs} ms: ${what}`, { cause: lastError })
}
