/**
 * A source cannot be asked now: its server does not answer, refuses, or answers what makes no sense. Asking again later may help, and nothing
 * that waits for it has failed.
 */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError'
  readonly code = 'unavailable'
  /** How long the server asked to be left alone (milliseconds); 0 where it did not say. */
  readonly retryAfterMs: number

  constructor(message: string, options: { readonly retryAfterMs?: number; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.retryAfterMs = options.retryAfterMs ?? 0
  }
}
