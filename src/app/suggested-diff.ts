import { openTree, type Repository } from '../git/repository.ts'
import { renderSuggestions } from '../outlets/suggestion-diff.ts'
import type { Finding } from '../review/finding.ts'
import type { Review } from '../review/review.ts'

/** What the findings of a tree suggest, as a diff for it; empty where nothing is. */
export async function suggestedForTree(
  repository: Repository,
  revision: string,
  findings: readonly Finding[],
): Promise<string> {
  const tree = await openTree(repository, revision)
  return tree === null ? '' : renderSuggestions(findings, (path) => tree.read(path))
}

/**
 * What a review suggests, a diff for each patch with suggestions, which applies to the tree after that patch: made for
 * `git commit --fixup`. In front of each stands which patch that is; `git apply` passes over it.
 */
export async function suggestedForReview(
  { series, application, findings }: Review,
  repository: Repository,
): Promise<string> {
  if (application.kind === 'no-base') return ''
  const parts: string[] = []
  for (const outcome of application.patches) {
    if (outcome.kind !== 'applied') continue
    const own = findings.filter(({ patch }) => patch === outcome.index)
    const diff = await suggestedForTree(repository, outcome.commit, own)
    const title = series.patches.find(({ index }) => index === outcome.index)?.title ?? ''
    if (diff !== '') parts.push(`On top of patch ${outcome.index}, ${title.replaceAll(/\s+/g, ' ')}:\n\n${diff}`)
  }
  return parts.join('\n')
}
