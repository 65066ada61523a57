import type { FileDiff, DiffProblem } from '../diff/file-diff.ts'
import type { Address, Origin } from '../mail/message.ts'

/** A trailer of a log or of a reply to it: `Reviewed-by: A <a@b>`. `from` is the Message-ID of the reply that gave it. */
export type Trailer = { readonly name: string; readonly value: string; readonly from: string | null }

/** The headers of the mail of a patch that outlive it: what a reply needs. */
export type Envelope = {
  readonly id: string
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  readonly from: Address
  readonly replyTo: readonly Address[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly date: number
  readonly subject: string
  /** Those that say how to treat it: List-Id, Auto-Submitted, X-Mailer, X-Loop, Precedence... lower-case names. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly origin: Origin
}

/** One patch of a series. */
export type Patch = {
  readonly envelope: Envelope
  /** 1-based place in the series, and how many the subject says there are. */
  readonly index: number
  readonly total: number
  /** The subject without its brackets. */
  readonly title: string
  /** The in-body From: where there is one, else the mail's. */
  readonly author: Address
  readonly date: number
  /** The commit message below the title, without in-body headers and what follows `---`. */
  readonly log: string
  /** What stands between `---` and the diff: notes, diffstat. */
  readonly notes: string
  readonly trailers: readonly Trailer[]
  /** The text that line numbers of the diff count in (`patchLine`): the mail's body, or the attachment. Decoded. */
  readonly text: string
  /** The same as a binary string: what `git apply` gets. */
  readonly bytes: string
  readonly attached: boolean
  readonly files: readonly FileDiff[]
  readonly problems: readonly DiffProblem[]
}

/** What the mails say of the tree that the series is for. */
export type BaseHint = {
  /** Full or abbreviated, as written. */
  readonly commit: string | null
  readonly prerequisitePatchIds: readonly string[]
  /** Message-IDs and change-ids of `prerequisite-message-id:`, `prerequisite-change-id:`, `Depends-on:`. */
  readonly prerequisites: readonly string[]
  /** A tree or branch named in the prefix: `net-next`, `-next`, `bpf`. */
  readonly branch: string | null
}

/** The cover letter. */
export type Cover = { readonly envelope: Envelope; readonly title: string; readonly text: string }

/** One version of a series, as complete as the mails were. */
export type Series = {
  /** The Message-ID of the cover letter, else of the first patch that there is. */
  readonly id: string
  readonly version: number
  readonly subject: string
  /** Words of the brackets that are neither version, count nor PATCH: `RFC`, `net-next`. */
  readonly prefixes: readonly string[]
  readonly expected: number
  readonly cover: Cover | null
  /** By index; there may be holes, which `missing` names. */
  readonly patches: readonly Patch[]
  readonly missing: readonly number[]
  readonly base: BaseHint
  readonly changeId: string | null
  /** The id of the series that a partial reroll stands in, and of a newer version, where the mails hold it. */
  readonly rerollOf: string | null
  readonly supersededBy: string | null
  /** Every guess made: sentences that name what was assumed and from what. */
  readonly inferred: readonly string[]
}
