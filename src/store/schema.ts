import type { Generated, GeneratedAlways } from 'kysely'

/** What became of a mail: it is dealt with, is tried again, or never will be, and why. */
export type MailOutcome = 'done' | 'retry' | 'dead'

/** Where a version of a series stands. `incomplete` waits for patches that may still come. */
export type VersionState = 'incomplete' | 'queued' | 'judged' | 'superseded' | 'failed'

export type JobState = 'queued' | 'running' | 'done' | 'dead' | 'cancelled'

/** `drafted` waits for a person, `approved` for its time; `sending` may have gone out: see `outbox.ts`. */
export type ReplyState = 'drafted' | 'approved' | 'sending' | 'sent' | 'dropped'

/** The tables. Times are milliseconds since 1970. */
export type Schema = {
  readonly sources: {
    readonly name: string
    readonly cursor: string | null
    readonly checked_at: number
    /** Failures in a row, and when it is asked again. */
    readonly failures: number
    readonly retry_at: number
    readonly reason: string | null
  }
  readonly mails: {
    readonly source: string
    /** Its Message-ID; of one that cannot be read a hash of its place. */
    readonly key: string
    readonly seen_at: number
    readonly outcome: MailOutcome
    /** What was done with it, why it is dead, or what the last try failed with. */
    readonly detail: string
    readonly attempts: number
    readonly retry_at: number | null
  }
  readonly series: { readonly id: GeneratedAlways<number>; readonly subject: string }
  readonly versions: {
    readonly id: GeneratedAlways<number>
    readonly series: number
    /** The id of the `Series`: a Message-ID. */
    readonly head: string
    readonly version: number
    readonly subject: string
    /** The sender's address in lower case. */
    readonly sender: string
    readonly change_id: string | null
    /** As in `VersionRecord`; null where it was written by a release that did not know. */
    readonly release: string | null
    readonly posted_at: number
    readonly state: VersionState
    /** What is missing, superseded it, or kept it from being told. */
    readonly detail: string
  }
  readonly version_mails: { readonly message_id: string; readonly version: number }
  readonly jobs: {
    readonly id: GeneratedAlways<number>
    readonly kind: string
    /** With the kind it is unique: the same work is queued once. */
    readonly key: string
    readonly version: number | null
    readonly priority: number
    readonly state: Generated<JobState>
    readonly due_at: number
    readonly attempts: Generated<number>
    readonly lease: string | null
    readonly lease_until: number | null
    readonly detail: Generated<string>
  }
  readonly findings: {
    readonly version: number
    readonly patch: number
    readonly key: string
    readonly rule: string
    readonly severity: string
    readonly path: string
    readonly line: number
    /** The text of the line, and what is said of it. */
    readonly source: string
    readonly message: string
  }
  readonly replies: {
    readonly message_id: string
    readonly version: number
    readonly state: ReplyState
    /** JSON of a `Reply`. */
    readonly reply: string
    readonly created_at: number
    /** Not sent before: embargo, back-off. */
    readonly due_at: number
    readonly attempts: Generated<number>
    readonly lease: string | null
    readonly lease_until: number | null
    /** The Date of the mail: when it was first tried, the same for each try. */
    readonly dated: number | null
    readonly sent_at: number | null
    /** The person who said that it may go out; null where the lists did. */
    readonly approved_by: string | null
    /** When a server was last spoken to; null before the first try, and for tries of earlier releases. */
    readonly tried_at: Generated<number | null>
    /** 1 once it lies in the maildir of drafts: one that a person takes away stays away. */
    readonly laid: Generated<number>
    /** JSON of the addresses that get it later than the others; null for none. */
    readonly postponed: Generated<string | null>
    /** Why it is in its state: who approved it, what the server said. */
    readonly detail: string
  }
  readonly reply_lists: { readonly reply: string; readonly list: string }
  readonly reply_findings: { readonly reply: string; readonly key: string; readonly rule: string }
  readonly feedback: {
    readonly message_id: string
    /** The place of the command in its mail, from 0. */
    readonly ordinal: number
    readonly version: number
    /** The mail of ours that it answers. */
    readonly reply: string
    readonly sender: string
    readonly command: string
    readonly argument: string
    readonly at: number
  }
  readonly leases: { readonly name: string; readonly owner: string; readonly until: number }
}
