/** What came of asking the disk; undefined where the thing is not there, or not for us. */
export function ifThere<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
