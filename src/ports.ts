import type { Message, ReadResult } from './mail/message.ts'
import type { Reply } from './review/reply.ts'

/** A mail of an archive as it comes: what reading gave, and the cursor that stands behind it. */
export type Arrival = { readonly result: ReadResult; readonly id: string | null; readonly cursor: string }

/** What to read of an archive: after a cursor, and of the mails posted in `[since, until)` (milliseconds). */
export type Window = { readonly cursor?: string; readonly since?: number; readonly until?: number }

/** Where mails are read from. */
export type MailSource = {
  readonly name: string
  /** The mails in the order of the archive. */
  since(window: Window): AsyncIterable<Arrival>
  /** A mail by its Message-ID; null where the source has none. */
  find(id: string): Promise<ReadResult | null>
  /** The mails of the threads that a mail stands in, oldest first; empty where the source has no such mail. */
  thread(id: string): Promise<readonly Message[]>
  close(): Promise<void>
}

/** Where replies go. Publishing the same key again changes nothing and says so. */
export type Publisher = {
  publish(reply: Reply): Promise<{ readonly kind: 'published' | 'already'; readonly where: string }>
}

/** Milliseconds since 1970. */
export type Clock = () => number
