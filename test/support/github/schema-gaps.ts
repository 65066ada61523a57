import { z } from 'zod'
import type { FileDiff } from '../../../src/diff/file-diff.ts'
import { isCommentable } from './git.ts'

const place = z.looseObject({
  path: z.string(),
  line: z.number().optional(),
  position: z.number().optional(),
  side: z.string().optional(),
  start_line: z.number().optional(),
})
const review = z.looseObject({
  event: z.string().optional(),
  body: z.string().optional(),
  comments: z.array(place).default([]),
})

/**
 * What GitHub refuses in a review (422) though its published description lets it pass; null where it takes it. Properties that
 * there are not are refused by our own description.
 */
export function reviewGap(body: unknown, files: readonly FileDiff[]): string | null {
  const { event, body: text = '', comments } = review.parse(body)
  if (event === 'REQUEST_CHANGES' && text === '') return 'body is required to request changes'
  if (event === 'COMMENT' && text === '') return 'body is required to comment'
  return comments.map((comment) => placeGap(comment, files)).find((gap) => gap !== null) ?? null
}

function placeGap(comment: z.infer<typeof place>, files: readonly FileDiff[]): string | null {
  const { path, line, position, side = 'RIGHT', start_line } = comment
  if (side !== 'LEFT' && side !== 'RIGHT') return `side \`${side}\` is neither LEFT nor RIGHT`
  if ((line === undefined) === (position === undefined)) return 'one of line and position is needed'
  if (line === undefined) return null
  if (start_line !== undefined && start_line > line) return 'start_line must precede the end line'
  if (!files.some((file) => (file.newPath ?? file.oldPath) === path)) return `Path could not be resolved: ${path}`
  if (!isCommentable(files, { path, line, side })) return `Line could not be resolved: ${path}:${line}`
  return null
}

/** What GitHub refuses in a check run though its description lets it pass. */
export function checkGap(body: unknown): string | null {
  const { status, conclusion } = z
    .looseObject({ status: z.string().optional(), conclusion: z.string().optional() })
    .parse(body)
  return status === 'completed' && conclusion === undefined ? 'conclusion is required for a completed check run' : null
}
