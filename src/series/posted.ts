import { findDiffStart, parseDiff } from '../diff/parse-diff.ts'
import { parseAddresses } from '../mail/address.ts'
import { decodeUnstructured, parseDate } from '../mail/header-values.ts'
import type { Attachment, Message } from '../mail/message.ts'
import { readCommitMessage, type CommitMessage } from './commit-message.ts'
import { envelopeOf } from './envelope.ts'
import { attachmentText, bodyText, type PatchText } from './patch-text.ts'
import type { Envelope, Patch } from './series.ts'
import { parseSubject, type Subject } from './subject.ts'
import { parseTrailers } from './trailers.ts'

/** A patch before its place in a series is known. */
export type UnplacedPatch = Omit<Patch, 'index' | 'total'>

/** A patch of a mail: the subject that numbers it is the mail's, or that of the attached file. */
export type PostedPatch = { readonly subject: Subject; readonly patch: UnplacedPatch }

/** What a mail is to the series of a list. */
export type Posted =
  | {
      readonly kind: 'patches'
      readonly envelope: Envelope
      readonly subject: Subject
      /** One, or as many as are attached. */
      readonly patches: readonly PostedPatch[]
      readonly inferred: readonly string[]
    }
  /** The subject says PATCH, but there is no diff: a cover letter by its number 0, or maybe by what answers it; a comment without Re:. */
  | {
      readonly kind: 'letter'
      readonly envelope: Envelope
      readonly subject: Subject
      readonly text: string
      readonly comment: boolean
    }
  /** `text` is what was written and quoted; `diff` says that it proposes a patch. */
  | {
      readonly kind: 'reply'
      readonly envelope: Envelope
      readonly subject: Subject
      readonly text: string
      readonly diff: boolean
    }
  | { readonly kind: 'other'; readonly envelope: Envelope; readonly why: string }

/** Reads what a mail is. Never throws. */
export function readPosted(message: Message): Posted {
  const envelope = envelopeOf(message)
  const subject = effectiveSubject(message)
  const body = bodyText(message)
  const start = findDiffStart(body.text)
  const reply: Posted = { kind: 'reply', envelope, subject, text: message.text, diff: start !== null }
  if (subject.reply) return reply
  if (subject.kind === 'pull') return { kind: 'other', envelope, why: 'a pull request' }
  if (subject.kind === 'notice') return { kind: 'other', envelope, why: 'a notice about a patch' }
  const answers = message.inReplyTo !== null || message.references.length > 0
  const comment = answers && beginsWithQuote(body.text)
  if (subject.index !== 0) {
    const found =
      start === null ? attachedPatches(message, envelope) : inlinePatch({ message, envelope, subject }, body)
    // A log may begin with a quote, and a comment may propose a diff, but not sign it off.
    const signed = found.length === 1 && found.every(({ patch }) => isSignedOff(patch))
    const isPatch = subject.kind === 'patch' ? found.length > 0 && (signed || !comment) : signed && !answers
    if (isPatch) return { kind: 'patches', envelope, subject, patches: found, inferred: remarks(subject, found) }
  }
  if (subject.kind === 'patch') return { kind: 'letter', envelope, subject, text: body.text, comment }
  return answers
    ? reply
    : { kind: 'other', envelope, why: start === null ? 'no patch' : 'a diff that is not sent as a patch' }
}

/** The mail's subject; where that says nothing, the one in the body: some send the whole file of git format-patch as text. */
function effectiveSubject(message: Message): Subject {
  const subject = parseSubject(message.subject)
  if (subject.kind !== 'plain' || subject.reply) return subject
  const { subject: inBody } = readCommitMessage(message.text, null)
  const own = inBody === null ? subject : parseSubject(decodeUnstructured(inBody))
  return own.kind === 'patch' ? own : subject
}

/** Whether a text begins as an answer does, with a quote or the line that introduces one. */
function beginsWithQuote(text: string): boolean {
  const lines = text.split('\n', 40).filter((line) => line.trim() !== '')
  const quoteAt = lines.findIndex((line) => line.startsWith('>') && !line.startsWith('>From '))
  return (
    quoteAt !== -1 &&
    (quoteAt < 3 || lines.slice(0, quoteAt).some((line) => /(?:wrote|writes|schrieb|写道)\s?[:：]$/u.test(line)))
  )
}

const isSignedOff = (patch: UnplacedPatch): boolean => patch.trailers.some(({ name }) => /^signed-off-by$/iu.test(name))

function remarks(subject: Subject, found: readonly PostedPatch[]): readonly string[] {
  const said: string[] = []
  if (subject.kind === 'plain')
    said.push('the subject does not say PATCH: taken as a patch for its diff and Signed-off-by')
  if (found.some(({ patch }) => patch.attached)) {
    said.push(found.length === 1 ? 'the patch is attached' : `${found.length} patches are attached to one mail`)
  }
  return said
}

type Source = { readonly message: Message; readonly envelope: Envelope; readonly subject: Subject }

function inlinePatch(source: Source, text: PatchText): readonly PostedPatch[] {
  const parts = readCommitMessage(text.text, findDiffStart(text.text))
  return [{ subject: source.subject, patch: buildPatch(source, text, { parts, attached: false }) }]
}

/** The patches among the attachments, by the numbers in their own subjects, else by file name. */
function attachedPatches(message: Message, envelope: Envelope): readonly PostedPatch[] {
  const mailSubject = parseSubject(message.subject)
  const found = message.attachments.flatMap((attachment) =>
    attachedPatch({ message, envelope, subject: mailSubject }, attachment),
  )
  return found
    .sort((a, b) => (a.subject.index ?? 0) - (b.subject.index ?? 0) || compareText(a.filename, b.filename))
    .map(({ subject, patch }) => ({ subject, patch }))
}

function attachedPatch(
  source: Source,
  attachment: Attachment,
): readonly (PostedPatch & { readonly filename: string })[] {
  const text = attachmentText(attachment.body)
  const start = findDiffStart(text.text)
  if (start === null) return []
  const parts = readCommitMessage(text.text, start)
  const subject = parts.subject === null ? source.subject : parseSubject(decodeUnstructured(parts.subject))
  const patch = buildPatch({ ...source, subject }, text, { parts, attached: true })
  return [{ subject, patch, filename: attachment.filename ?? '' }]
}

function buildPatch(
  { message, envelope, subject }: Source,
  { text, bytes }: PatchText,
  { parts, attached }: { readonly parts: CommitMessage; readonly attached: boolean },
): UnplacedPatch {
  const { files, problems } = parseDiff(text)
  const inBody = parts.subject === null ? '' : parseSubject(decodeUnstructured(parts.subject)).title
  return {
    envelope,
    title: inBody === '' ? subject.title : inBody,
    author: (parts.from === null ? undefined : parseAddresses(parts.from)[0]) ?? message.from,
    // A date in the body cannot be younger than the mail.
    date: parseDate(parts.date, message.date) || message.date,
    log: parts.log,
    notes: parts.notes,
    trailers: parseTrailers(parts.log).map((trailer) => ({ ...trailer, from: null })),
    text,
    bytes,
    attached,
    files,
    problems,
  }
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
