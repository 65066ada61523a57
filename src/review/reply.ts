import type { Address } from '../mail/message.ts'

/** A mail that answers a patch, ready to be composed. Publishing the same key twice is one publication. */
export type Reply = {
  readonly key: string
  readonly messageId: string
  /** Null where what is answered was never mailed: then there is no thread. */
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly subject: string
  /** Lines wrapped and ready, ending in a newline. */
  readonly body: string
  /** The keys of the findings it tells. */
  readonly findings: readonly string[]
}
