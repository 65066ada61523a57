import type { RefusalCode } from './message.ts'

/** How much of a mail from strangers is looked at. A mail over a limit is refused as a whole. */
export type MailLimits = {
  /** Bytes of a mail. */
  readonly mailBytes: number
  /** Bytes of one header block: the mail's own, or that of a part. */
  readonly headerBytes: number
  /** Parts of a multipart mail, containers included. */
  readonly parts: number
  /** How deep multiparts stand in each other. */
  readonly depth: number
}

/**
 * Of 41,976 archived list mails the largest has 2.1 MB, so twice that. Postfix keeps 102,400 bytes of one header
 * (postconf(5) `header_size_limit`); a block holds several. Git stops at 5 boundaries (mailinfo.h MAX_BOUNDARIES); signed mails
 * with attachments that went through two list managers have more.
 */
export const defaultMailLimits: MailLimits = {
  mailBytes: 4 * 1024 * 1024,
  headerBytes: 256 * 1024,
  parts: 100,
  depth: 10,
}

/** Why a mail is refused: the second half of a `ReadResult`. */
export type Refusal = { readonly kind: 'refused'; readonly code: RefusalCode; readonly reason: string }

/** A refusal; the reason is one line for people. */
export function refuse(code: RefusalCode, reason: string): Refusal {
  return { kind: 'refused', code, reason }
}
