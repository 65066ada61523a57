import type { Envelope, Series } from '../series/series.ts'
import { parseSubject } from '../series/subject.ts'
import type { Review } from './review.ts'

/** Why no mail goes out, in a word that a log and a test can name. */
export type SilenceReason =
  | 'automatic-mail'
  | 'own-mail'
  | 'pull-request'
  | 'rfc'
  | 'stable'
  | 'superseded'
  | 'old'
  | 'incomplete'
  | 'no-base'
  | 'guessed-base'
  | 'clean'
  | 'unproven'

export type Silence = { readonly reason: SilenceReason; readonly why: string }

/** What decides about silence besides the series. */
export type Occasion = {
  /** Milliseconds since 1970. */
  readonly now: number
  /** Somebody asked for this review by name: then RFCs, backports and old series are answered too. */
  readonly asked: boolean
  /** The addresses that our mails come from, in lower case. */
  readonly ownAddresses: readonly string[]
}

/** A series that nobody has waited for so long has been read, or will be posted again. */
const maxAgeMs = 7 * 24 * 60 * 60 * 1000

/** Why a series gets no mail whatever is found in it; empty where it may get one. Can be asked before it is judged. */
export function seriesSilence(series: Series, occasion: Occasion): readonly Silence[] {
  const envelopes = [
    ...(series.cover ? [series.cover.envelope] : []),
    ...series.patches.map(({ envelope }) => envelope),
  ]
  const always = [...machineSilence(envelopes, occasion), ...pullSilence(envelopes), ...supersededSilence(series)]
  const unasked = occasion.asked
    ? []
    : [...rfcSilence(series), ...stableSilence(series, envelopes), ...ageSilence(envelopes, occasion)]
  return [...always, ...unasked]
}

/** Why a review is not mailed; empty where it is. */
export function reviewSilence(review: Review, occasion: Occasion): readonly Silence[] {
  return [...seriesSilence(review.series, occasion), ...outcomeSilence(review)]
}

/** A review without the findings of rules that may not speak on a list; `unproven` names those rules where nothing is left to say. */
export function speakable(
  review: Review,
  speaks: (rule: string) => boolean,
): { readonly review: Review; readonly unproven: Silence | null } {
  const told = { ...review, findings: review.findings.filter(({ rule }) => speaks(rule)) }
  const kept = mailedFindings(review).filter(({ rule }) => !speaks(rule))
  if (kept.length === 0 || mailedFindings(told).length > 0) return { review: told, unproven: null }
  const rules = [...new Set(kept.map(({ rule }) => rule))].sort().join(', ')
  const why = `what was found is of rules that have not earned to speak on a list: ${rules}`
  return { review: told, unproven: { reason: 'unproven', why } }
}

/** RFC 3834 §2 and §5: nothing that a machine sent by itself is answered, and no mail of ours. */
function machineSilence(envelopes: readonly Envelope[], { ownAddresses }: Occasion): Silence[] {
  const own = envelopes.some((envelope) => isOwn(envelope, ownAddresses))
  const automatic = envelopes.map(automaticHeader).find((header) => header !== null)
  return [
    ...(own ? [{ reason: 'own-mail', why: 'the mail is our own' } as const] : []),
    ...(automatic ? [{ reason: 'automatic-mail', why: `a program sent the mail: ${automatic}` } as const] : []),
  ]
}

function isOwn({ from, headers }: Envelope, ownAddresses: readonly string[]): boolean {
  const loops = valuesOf(headers, 'x-loop').map((value) => value.trim().toLowerCase())
  return ownAddresses.includes(from.address.toLowerCase()) || loops.some((loop) => ownAddresses.includes(loop))
}

/**
 * The header that says a program sent a mail. Until 2023 vger put `Precedence: bulk` on every mail of its lists, so it
 * counts only where the mail did not come through a list.
 */
function automaticHeader({ headers }: Envelope): string | null {
  const submitted = valuesOf(headers, 'auto-submitted').find((value) => !/^\s*no\s*(;|$)/i.test(value))
  if (submitted !== undefined) return `Auto-Submitted: ${submitted.trim()}`
  const throughList = valuesOf(headers, 'list-id').length + valuesOf(headers, 'x-mailing-list').length > 0
  const bulk = valuesOf(headers, 'precedence').find((value) => /^\s*(bulk|junk)\s*$/i.test(value))
  return bulk !== undefined && !throughList ? `Precedence: ${bulk.trim()}` : null
}

function valuesOf(headers: Envelope['headers'], name: string): string[] {
  return headers.filter(([header]) => header === name).map(([, value]) => value)
}

function pullSilence(envelopes: readonly Envelope[]): Silence[] {
  const isPull = envelopes.some(({ subject }) => parseSubject(subject).kind === 'pull')
  return isPull ? [{ reason: 'pull-request', why: 'a pull request is not for review' }] : []
}

function supersededSilence({ supersededBy }: Series): Silence[] {
  return supersededBy === null ? [] : [{ reason: 'superseded', why: `a newer version is posted: ${supersededBy}` }]
}

function rfcSilence({ prefixes }: Series): Silence[] {
  const word = prefixes.find((prefix) => /^(rfc|rft|poc|wip)(v\d+)?$/i.test(prefix))
  return word === undefined ? [] : [{ reason: 'rfc', why: `${word}: opinions are asked for, not a review` }]
}

/**
 * Backports are judged against trees that we do not have. Their subjects name the tree (`[PATCH 6.6 12/40]`,
 * `[PATCH AUTOSEL 5.15]`), and the stable queue's mails have a header for it. `Cc: stable` alone is on every fix.
 */
function stableSilence({ prefixes }: Series, envelopes: readonly Envelope[]): Silence[] {
  const word = prefixes.find((prefix) =>
    /^(stable|autosel|backport|(linux-)?\d{1,2}\.\d{1,3}(\.(y|\d{1,3}))?(-stable)?)$/i.test(prefix),
  )
  const header = envelopes.some(({ headers }) => valuesOf(headers, 'x-stable').length > 0)
  if (word === undefined && !header) return []
  return [{ reason: 'stable', why: `a backport to a stable tree: ${word ?? 'X-stable'}` }]
}

function ageSilence(envelopes: readonly Envelope[], { now }: Occasion): Silence[] {
  const newest = Math.max(...envelopes.map(({ date }) => date))
  if (envelopes.length === 0 || now - newest <= maxAgeMs) return []
  return [{ reason: 'old', why: `posted ${Math.floor((now - newest) / (24 * 60 * 60 * 1000))} days ago` }]
}

function outcomeSilence(review: Review): Silence[] {
  const { application, series } = review
  if (application.kind === 'no-base') return [{ reason: 'no-base', why: application.reason }]
  if (application.kind === 'conflict') {
    if (application.base.certain) return []
    const why = `patch ${application.first.index} does not apply to a base that was guessed (${application.base.detail})`
    return [{ reason: 'guessed-base', why }]
  }
  if (series.missing.length > 0) {
    // A patch that nobody has seen may mend what another one brings.
    return [{ reason: 'incomplete', why: `missing: ${series.missing.map((index) => `patch ${index}`).join(', ')}` }]
  }
  return mailedFindings(review).length === 0 ? [{ reason: 'clean', why: 'there is nothing to say' }] : []
}

/** The findings that are worth a mail: errors and warnings. Remarks are for those who run the check themselves. */
export function mailedFindings({ findings }: Pick<Review, 'findings'>): Review['findings'] {
  return findings.filter(({ severity, patch }) => severity !== 'info' && patch !== null)
}
