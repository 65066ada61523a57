/** A mailbox of a header: the display name, decoded and without quotes (may be empty), and the address as it was written. */
export type Address = { readonly name: string; readonly address: string }

/** Where a mail came from, so that it can be read again. */
export type Origin =
  | { readonly kind: 'archive'; readonly archive: string; readonly epoch: number; readonly commit: string }
  | { readonly kind: 'file'; readonly path: string; readonly line: number }
  | { readonly kind: 'commit'; readonly repository: string; readonly commit: string }
  | { readonly kind: 'none' }

/** A text part that is not the mail's own text: patches sent as attachments. */
export type Attachment = { readonly filename: string | null; readonly contentType: string; readonly body: Uint8Array }

/** One mail, as read. Strings are decoded; `body` and `raw` are the bytes. */
export type Message = {
  /** The Message-ID without angle brackets; where a mail has none, `missing-` and a hash of its bytes. */
  readonly id: string
  /** The Message-ID that In-Reply-To names; prose around it is dropped. Null where there is none. */
  readonly inReplyTo: string | null
  /** The References, oldest first, without angle brackets and duplicates. */
  readonly references: readonly string[]
  /** Who wrote it: for "X via B4 Relay" and the like the address of the relay; the author is the Patch's. */
  readonly from: Address
  readonly replyTo: readonly Address[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  /** Milliseconds since 1970: the Date header, clamped to 1990 and a day past `now`. 0 where there is none that can be read. */
  readonly date: number
  /** Decoded and unfolded. */
  readonly subject: string
  /** Every header, lower-case name and unfolded, undecoded value, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The mail's text, decoded by its charset, lines ending in `\n`: for quoting, not for applying. */
  readonly text: string
  /** The bytes of the mail's text after base64 or quoted-printable are undone, else untouched: for applying. */
  readonly body: Uint8Array
  readonly attachments: readonly Attachment[]
  readonly raw: Uint8Array
  readonly origin: Origin
}

/** What became of the bytes of a mail: a mail, or why it is refused. */
export type ReadResult =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'refused'; readonly reason: string; readonly code: RefusalCode }

/** Why a mail is refused: over a limit, too slow to parse, or no mail at all. */
export type RefusalCode =
  'too-large' | 'headers-too-large' | 'too-many-parts' | 'too-deep' | 'timeout' | 'not-a-mail' | 'parser-failed'

/** The values of a header, in order; the name in any case. */
export function headerValues(message: Pick<Message, 'headers'>, name: string): readonly string[] {
  const wanted = name.toLowerCase()
  return message.headers.filter(([header]) => header === wanted).map(([, value]) => value)
}
