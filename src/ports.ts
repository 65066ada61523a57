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
  /**
   * Until when everything that came to the list is here for certain, milliseconds since 1970; whoever keeps a copy of it asks for news first. Left out
   * where `find` asks the list itself. Throws where it cannot be asked.
   */
  knownUntil?(): Promise<number>
  /** The mails of the threads that a mail stands in, oldest first; empty where the source has no such mail. */
  thread(id: string): Promise<readonly Message[]>
  close(): Promise<void>
}

/** A commit and the blobs it leaves at the paths that it changes; null for a path that it removes. Times in milliseconds since 1970. */
export type CommitFiles = {
  readonly commit: string
  readonly authoredAt: number
  readonly committedAt: number
  readonly files: ReadonlyMap<string, string | null>
}

/** Reads the history of a repository that nobody works in, such as an epoch of a list archive; `repository` is its git directory. */
export type HistoryReader = {
  /** The commit that HEAD stands for; null where there is no repository or no commit in it. */
  head(repository: string): Promise<string | null>
  /** When a commit was made by its committer, in milliseconds since 1970; in an archive when its mail came. */
  committedAt(repository: string, commit: string): Promise<number>
  /** What `head` reaches and `after` does not, oldest first; null where `head` does not reach `after`, because history was rewritten. */
  commits(
    repository: string,
    range: { readonly head: string; readonly after: string | null },
  ): Promise<readonly CommitFiles[] | null>
  /** Blobs by id, in that order and as they are read; null for one that the repository lacks. */
  blobs(repository: string, ids: readonly string[]): AsyncIterable<Uint8Array | null>
}

/** Where replies go. Publishing the same key again changes nothing and says so. */
export type Publisher = {
  publish(reply: Reply): Promise<{ readonly kind: 'published' | 'already'; readonly where: string }>
}

/** Milliseconds since 1970. */
export type Clock = () => number

/** A mail on its way: its bytes, lines ending in CR LF, and the envelope. */
export type Parcel = {
  readonly from: string
  readonly to: readonly string[]
  readonly bytes: Uint8Array
  /** Awaited when the server has answered for each recipient and has no byte of the mail yet: those that it will take one for later. */
  readonly onEnvelope?: (postponed: readonly string[]) => Promise<void>
}

/**
 * What a server did with a mail. `later`: it did not take it now, or could not be reached; `never`: it will not take it. `barred`: it takes
 * none from us, or not for these people, until somebody changes that; the mail may be good. `unclear`: the
 * connection broke when all of the mail was handed over and before an answer came, so it may have been delivered; in the
 * cases before it certainly was not.
 */
export type Delivery =
  | {
      readonly kind: 'accepted'
      readonly response: string
      /** Recipients that the server will never take a mail for, and those it did not now: RFC 5321 §4.2.1, 5yz and 4yz. */
      readonly refused: readonly string[]
      readonly postponed: readonly string[]
    }
  | { readonly kind: 'later' | 'never' | 'barred' | 'unclear'; readonly reason: string }

/** Sends a mail. What servers and networks do is in the result; nothing is thrown for it. */
export type Mailer = { send(parcel: Parcel): Promise<Delivery> }
