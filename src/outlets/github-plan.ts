import type { FileDiff } from '../diff/file-diff.ts'
import type { Placed, Severity } from '../review/finding.ts'
import type { Review } from '../review/review.ts'
import { markerLine } from './github-marker.ts'
import { placeOnPull, type CommentPlace } from './github-place.ts'
import type { PullState } from './github-state.ts'
import { commentText, headline, summaryText } from './github-text.ts'

/** A comment to be put on a line. */
export type NewComment = CommentPlace & { readonly key: string; readonly body: string }

/** What is to be done so that a pull request says what a review does. */
export type PullPlan = {
  readonly comments: readonly NewComment[]
  /** Threads about what is no longer found. */
  readonly resolve: readonly string[]
  readonly sticky:
    | { readonly kind: 'none' }
    | { readonly kind: 'create'; readonly body: string }
    | { readonly kind: 'edit'; readonly id: number; readonly body: string }
}

/** What a pull request is told, and where that can stand. */
export type PullReview = {
  readonly review: Review
  /** The whole diff; null where it is too large to comment on its lines. */
  readonly files: readonly FileDiff[] | null
  readonly notes: readonly string[]
}

/** Comments on lines of one pull request that are open at a time; a person reads no more. */
export const mostComments = 30

const rank: Record<Severity, number> = { error: 0, warning: 1, info: 2 }

/**
 * What is missing on a pull request, and what is there that no longer holds. What was told once is never told again, wherever its
 * line is now; a thread in which somebody has written is not touched. `unplaceable` are keys whose lines GitHub has refused.
 */
export function planPull(told: PullReview, state: PullState, unplaceable: ReadonlySet<string> = new Set()): PullPlan {
  const { review, files, notes } = told
  const known = new Map(state.threads.map((thread) => [thread.key, thread]))
  const present = new Set(review.findings.map(({ key }) => key))
  const live = state.threads.filter(({ key, isResolved }) => !isResolved && present.has(key)).length
  const candidates =
    files === null ? [] : newComments(review, files).filter(({ key }) => !known.has(key) && !unplaceable.has(key))
  const comments = candidates.slice(0, Math.max(0, mostComments - live))
  const onLines = new Set([
    ...comments.map(({ key }) => key),
    ...state.threads.filter(({ isResolved }) => !isResolved).map(({ key }) => key),
  ])
  const summary = summaryText({
    review,
    notes,
    findings: bySeverity(review.findings).filter(({ key }) => !onLines.has(key)),
    commented: review.findings.filter(({ key }) => onLines.has(key)).length,
  })
  return { comments, resolve: staleThreads(review, state), sticky: planSticky(summary, review, state) }
}

/** What was not judged may still be there: only a review of the whole series says that something is gone. */
function staleThreads({ findings, verdict }: Review, { threads }: PullState): readonly string[] {
  if (verdict === 'not-judged') return []
  const present = new Set(findings.map(({ key }) => key))
  return threads
    .filter(({ key, isResolved, isTouched }) => !isResolved && !isTouched && !present.has(key))
    .map(({ id }) => id)
}

function planSticky(wanted: string | null, review: Review, { sticky }: PullState): PullPlan['sticky'] {
  if (sticky === null) return wanted === null ? { kind: 'none' } : { kind: 'create', body: wanted }
  const body = wanted ?? `${markerLine({ kind: 'summary' })}\n**${headline(review)}**`
  return sticky.body === body ? { kind: 'none' } : { kind: 'edit', id: sticky.id, body }
}

/** Remarks are for the summary: a comment on a line asks for an answer. */
function newComments({ findings, series }: Review, files: readonly FileDiff[]): readonly NewComment[] {
  return bySeverity(findings)
    .filter(({ severity }) => severity !== 'info')
    .flatMap((finding) => {
      const place = placeOnPull(finding, { patches: series.patches, files })
      return place === null ? [] : [{ ...place, key: finding.key, body: commentText(finding, series, place) }]
    })
}

function bySeverity(findings: readonly Placed[]): readonly Placed[] {
  return findings.toSorted((a, b) => rank[a.severity] - rank[b.severity])
}
