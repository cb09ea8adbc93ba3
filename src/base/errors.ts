/** What every expected failure carries: a stable `code` to switch on and count. */
export interface Reason {
  readonly code: string
}

/** An expected failure. Code switches on `reason.code`; people read `message`; metrics count the code. */
export class HybridgridError<R extends Reason> extends Error {
  override readonly name: string = 'HybridgridError'
  readonly reason: R
  constructor(reason: R, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

/** The text of anything that was thrown, for logs. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
