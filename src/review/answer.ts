import type { Message } from '../mail/message.ts'
import { envelopeOf } from '../series/envelope.ts'
import { referencesOf, remarksOf, replySubject, type ReplyOptions } from './draft-replies.ts'
import { printable } from './printable.ts'
import { recipientsOf } from './recipients.ts'
import type { Reply } from './reply.ts'
import { proseWidth } from './remark.ts'
import { conflictBody, findingsBody, plainBody, type Body, type ReplyVoice } from './reply-body.ts'
import { replyKey } from './reply-key.ts'
import type { Review } from './review.ts'
import { reviewSilence } from './silence.ts'
import { wrapProse } from './wrap-prose.ts'

/** A mail that asks something of us, and the series that it is about. */
export type Asked = { readonly message: Message; readonly series: string }

/**
 * The answer to a person who asked for another test: what was found, or that nothing was, in one mail below that one. Its Message-ID is its own for each
 * mail that asks, and the same for ever. Null where nobody can be written to.
 */
export function answerRetest(
  review: Review,
  asked: Asked,
  options: ReplyOptions & { readonly now: number },
): Reply | null {
  return compose(asked, { kind: 'retest', body: retestBody(review, options) }, options)
}

/** The answer to commands that want one: paragraphs and preformatted lines. Null where nobody can be written to. */
export function answerCommands(asked: Asked, lines: readonly string[], options: ReplyOptions): Reply | null {
  const signature = ['', '-- ', ...options.signature]
  const text = [...lines, ...signature].map((line) => `${line}\n`).join('')
  return compose(asked, { kind: 'answer', body: { text, told: [] } }, options)
}

/** The lines of a rule's page, without its front lines, cut to what somebody reads in a mail. */
export function explanationLines(page: string, rule: string): readonly string[] {
  const start = page.indexOf('\n## ')
  const body = (start === -1 ? page : page.slice(start + 1)).split('\n').map(printable)
  const shown = body.slice(0, mostLines)
  const left = body.length - shown.length
  const more = left > 0 ? ['', `[ ${left} more lines: kbuild-review explain ${rule} ]`] : []
  return [`What ${rule} reports:`, '', ...shown.flatMap(wrapLine), ...more]
}

const mostLines = 70

/** Prose is wrapped; what is indented, listed or in a table stays. */
function wrapLine(line: string): readonly string[] {
  return /^[A-Za-z`"(]/.test(line) ? wrapProse(line, proseWidth) : [line]
}

function retestBody(review: Review, options: ReplyVoice & Pick<ReplyOptions, 'ownAddresses'> & { now: number }): Body {
  const { application, series } = review
  if (application.kind === 'conflict') {
    const patch = series.patches.find(({ index }) => index === application.first.index)
    const text = conflictBody(review, patch, options)
    if (text !== null) return { text, told: [] }
  }
  const remarks = remarksOf(review)
  if (remarks.length > 0) return findingsBody(review, remarks, options)
  const { now, ownAddresses } = options
  const silent = reviewSilence(review, { now, asked: true, ownAddresses }).filter(({ reason }) => reason !== 'clean')
  const count = series.patches.length
  const clean = `Nothing was found in ${count === 1 ? 'the patch' : `the ${count} patches`}.`
  const said = silent.length === 0 ? [clean] : silent.map(({ why }) => `It could not be judged: ${why}.`)
  return { text: plainBody(review, said, options), told: [] }
}

type Draft = { readonly kind: 'retest' | 'answer'; readonly body: Body }

function compose({ message, series }: Asked, { kind, body }: Draft, options: ReplyOptions): Reply | null {
  const envelope = envelopeOf(message)
  const { to, cc } = recipientsOf(envelope, message.from, options)
  if (to.length === 0) return null
  const key = replyKey(series, message.id, kind)
  return {
    key,
    messageId: `${key}@${options.domain}`,
    inReplyTo: message.id,
    references: referencesOf(envelope),
    to,
    cc,
    subject: replySubject(message.subject),
    body: body.text,
    findings: body.told.map((finding) => finding.key),
  }
}
