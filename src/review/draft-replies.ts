import type { Address } from '../mail/message.ts'
import type { Envelope, Patch } from '../series/series.ts'
import type { Placed } from './finding.ts'
import { isMailedId } from './mailed-id.ts'
import { printable } from './printable.ts'
import { recipientsOf, type Audience } from './recipients.ts'
import type { Reply } from './reply.ts'
import { conflictBody, findingsBody, plainBody, type Body, type Remarks, type ReplyVoice } from './reply-body.ts'
import { replyKey, type ReplyKind } from './reply-key.ts'
import type { Review } from './review.ts'
import { mailedFindings } from './silence.ts'

/** What turns a review into mails besides the review. */
export type ReplyOptions = Audience &
  ReplyVoice & {
    /** The domain of our Message-IDs. */
    readonly domain: string
    /** Mails that a series may get; what would take more is told in one. Three where left out. */
    readonly mostReplies?: number
  }

const defaultMostReplies = 3

/**
 * The mails that tell a review: one a patch with findings, answering that patch; one for all where that were more than
 * the options allow; or, for a series that does not apply, one that says so, since then nobody knows what its end has. Whether any is
 * sent is for `reviewSilence` to say. Made again from the same review they are the same, byte for byte.
 */
export function draftReplies(review: Review, options: ReplyOptions): readonly Reply[] {
  const { series, application } = review
  if (application.kind === 'conflict') {
    const text = conflictBody(
      review,
      series.patches.find(({ index }) => index === application.first.index),
      options,
    )
    return text === null ? [] : letter(review, { kind: 'conflict', body: { text, told: [] } }, options)
  }
  const remarks = remarksOf(review)
  if (remarks.length === 0) return []
  if (remarks.length > (options.mostReplies ?? defaultMostReplies)) {
    return letter(review, { kind: 'summary', body: findingsBody(review, remarks, options) }, options)
  }
  return remarks.flatMap((each) => {
    const draft = { kind: 'patch', body: findingsBody(review, [each], options) } as const
    return compose(review, draft, { envelope: each.patch.envelope, author: each.patch.author }, options)
  })
}

/** The mail that says to the author alone that nothing was found in a series; who merely got a copy of it did not ask. */
export function draftCleanReply(review: Review, options: ReplyOptions): readonly Reply[] {
  const count = review.series.patches.length
  const said = `Nothing was found in ${count === 1 ? 'the patch' : `the ${count} patches`}.`
  const body = { text: plainBody(review, [said], options), told: [] }
  return letter(review, { kind: 'clean', body }, { ...options, optedIn: () => false })
}

/** The patches that something is to be said of, and what. */
export function remarksOf(review: Review): readonly Remarks[] {
  const findings = Map.groupBy(mailedFindings(review), ({ patch }) => patch)
  return review.series.patches.flatMap((patch) => {
    const found: readonly Placed[] = findings.get(patch.index) ?? []
    return found.length === 0 ? [] : [{ patch, findings: found }]
  })
}

type Draft = { readonly kind: ReplyKind; readonly body: Body }

/** A reply to the cover letter, or where there is none to the first patch. */
function letter(review: Review, draft: Draft, options: ReplyOptions): readonly Reply[] {
  const { cover, patches } = review.series
  const first: Patch | undefined = patches[0]
  const envelope = cover?.envelope ?? first?.envelope
  return envelope ? compose(review, draft, { envelope, author: first?.author ?? envelope.from }, options) : []
}

type Answered = { readonly envelope: Envelope; readonly author: Address }

function compose(
  review: Review,
  draft: Draft,
  { envelope, author }: Answered,
  options: ReplyOptions,
): readonly Reply[] {
  const { to, cc } = recipientsOf(envelope, author, options)
  if (to.length === 0) return []
  const key = replyKey(review.series.id, envelope.id, draft.kind)
  const reply: Reply = {
    key,
    messageId: `${key}@${options.domain}`,
    inReplyTo: isMailedId(envelope.id) ? envelope.id : null,
    references: referencesOf(envelope),
    to,
    cc,
    subject: replySubject(envelope.subject),
    body: draft.body.text,
    findings: draft.body.told.map((finding) => finding.key),
  }
  return [reply]
}

/** RFC 5322 §3.6.4: the parent's References, else its In-Reply-To, and the parent. The middle of a very long list is left out. */
export function referencesOf({ references, inReplyTo, id }: Envelope): readonly string[] {
  const known = references.length > 0 ? references : inReplyTo === null ? [] : [inReplyTo]
  const all = [...new Set([...known, id])].filter(isMailedId)
  return all.length <= maxReferences ? all : [...all.slice(0, 1), ...all.slice(1 - maxReferences)]
}

const maxReferences = 20

/** The subject as it was behind one `Re: `, on one line. */
export function replySubject(subject: string): string {
  const line = printable(subject.replaceAll(/\s+/g, ' ').trim())
  return /^re:/i.test(line) ? line : `Re: ${line}`
}
