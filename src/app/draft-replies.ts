import type { Address } from '../mail/message.ts'
import { composeMail, type MailIdentity } from '../mail/compose.ts'
import { draftCleanReply, draftReplies, type ReplyOptions } from '../review/draft-replies.ts'
import type { Reply } from '../review/reply.ts'
import type { Review } from '../review/review.ts'
import { reviewSilence, speakable, type Silence } from '../review/silence.ts'
import { packageVersion } from './package.ts'

/** Who writes the replies, and to whom. */
export type Correspondence = {
  readonly identity: MailIdentity
  /** Lists and people that opted in, in lower case: of them those are kept that the patch had. */
  readonly cc: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: number
  /** Somebody asked for this review by name: then RFCs, backports and old series are answered too. */
  readonly asked: boolean
  readonly ruleCount: number
  /** Whether a rule may speak on a list, by its id. */
  readonly speaks: (rule: string) => boolean
  /** Whether commands by mail are obeyed: then the signature names them. */
  readonly obeys?: boolean
  /** Whether the author of a series in which nothing was found is told so. */
  readonly tellsClean?: boolean
  /** The lists that are known, in lower case: none of them is the author of anything. */
  readonly lists?: readonly string[]
  /** Mails that a series may get at most, as `ReplyOptions` says. */
  readonly mostReplies?: number
}

/** The replies to a review as mails; none, and why, where a list should not hear of it. */
export type Drafts = { readonly replies: readonly Reply[]; readonly silent: readonly Silence[] }

/** Drafts what a review would mail. Nothing is sent. */
export function draftMails(judged: Review, correspondence: Correspondence): Drafts {
  const { identity, now, asked, speaks } = correspondence
  const ownAddresses = [identity.from.address.toLowerCase()]
  const { review, unproven } = speakable(judged, speaks)
  const silent = reviewSilence(review, { now, asked, ownAddresses }).map((each) =>
    each.reason === 'clean' ? (unproven ?? each) : each,
  )
  const isCleanAlone = judged.findings.length === 0 && silent.length > 0 && silent.every(isClean)
  if (correspondence.tellsClean === true && isCleanAlone)
    return { replies: draftCleanReply(review, replyOptions(review, correspondence)), silent: [] }
  if (silent.length > 0) return { replies: [], silent }
  return { replies: draftReplies(review, replyOptions(review, correspondence)), silent }
}

function isClean({ reason }: Silence): boolean {
  return reason === 'clean'
}

/** What all mails about a review have: to whom they may go, what was run, and what their last lines say. */
export function replyOptions(
  review: Pick<Review, 'builds'>,
  correspondence: Omit<Correspondence, 'speaks'>,
): ReplyOptions {
  const { identity, cc, ruleCount, obeys = false, mostReplies, lists } = correspondence
  return {
    ...(mostReplies !== undefined && { mostReplies }),
    ...(lists !== undefined && { lists }),
    optedIn: (address) => cc.includes(address),
    ownAddresses: [identity.from.address.toLowerCase()],
    domain: domainOf(identity.from),
    ran: `kbuild-review ${packageVersion()}: ${ruleCount} rules on the build files, before and after each patch; ${whatWasBuilt(review)}`,
    signature: [
      'kbuild-review',
      ...(obeys
        ? ['Obeys, on a line of its own: kbuild-review: retest | invalid [RULE] |', 'quiet | explain RULE']
        : []),
      ...(identity.replyTo === null ? [] : ['Something wrong? Reply to this mail, a person reads it.']),
    ],
  }
}

/** The profile and the architectures that builds came to an end for. */
function whatWasBuilt({ builds = [] }: Pick<Review, 'builds'>): string {
  const built = builds.filter(({ goals }) => goals.length > 0)
  const [first] = built
  if (first === undefined) return 'nothing was built'
  const arches = [...new Set(built.map(({ arch }) => arch))]
  return `profile ${first.profile} was built for ${arches.join(', ')}`
}

/** The bytes of a reply; `lineEnd` is `lf` for files, `crlf` for SMTP. */
export function toMail(
  reply: Reply,
  { identity, now }: Pick<Correspondence, 'identity' | 'now'>,
  lineEnd: 'lf' | 'crlf',
): Uint8Array {
  return composeMail(reply, identity, { date: now, run: reply.key, lineEnd })
}

function domainOf({ address }: Address): string {
  return address.slice(address.lastIndexOf('@') + 1)
}
