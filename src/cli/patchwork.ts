import { readFileSync } from 'node:fs'
import { PatchworkError, reportToPatchwork, type PatchworkOptions } from '../outlets/patchwork.ts'
import type { Review } from '../review/review.ts'
import { UsageError } from './exit.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal.ts'

/** The Patchwork of the configuration, with its token; throws `UsageError` where either is not to be had. */
export function requirePatchwork({ config: { patchwork } }: Session): PatchworkOptions {
  if (patchwork === undefined)
    throw new UsageError('--patchwork needs `patchwork.url` and `patchwork.token-file` in the configuration')
  const path = patchwork['token-file']
  try {
    const token = readFileSync(path, 'utf8').trim()
    if (!/^[\x21-\x7e]+$/.test(token)) throw new UsageError(`patchwork.token-file: \`${path}\` holds no token`)
    return { url: patchwork.url, context: patchwork.context, token }
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`patchwork.token-file: cannot read \`${path}\``, { cause: error })
  }
}

/** Reports reviews, and says what became of each patch. What the server refuses of one series keeps the others from nothing. */
export async function reportReviews(
  reviews: readonly Review[],
  patchwork: PatchworkOptions,
  terminal: Terminal,
): Promise<void> {
  const refused: PatchworkError[] = []
  for (const review of reviews) {
    try {
      for (const outcome of await reportToPatchwork(review, patchwork)) terminal.note(describe(outcome))
    } catch (error) {
      if (!(error instanceof PatchworkError)) throw error
      refused.push(error)
    }
  }
  const [first] = refused
  if (first !== undefined) throw first
}

function describe(outcome: Awaited<ReturnType<typeof reportToPatchwork>>[number]): string {
  switch (outcome.kind) {
    case 'posted':
      return `reported ${outcome.check}`
    case 'already':
      return `reported before: ${outcome.check}`
    case 'skipped':
      return `not reported: ${outcome.id}: ${outcome.reason}`
  }
}
