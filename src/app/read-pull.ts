import type { FileDiff } from '../diff/file-diff.ts'
import type { AppliedSeries } from '../git/apply-series.ts'
import { fetchPull, readWholeDiff } from '../git/fetch-pull.ts'
import { readRange } from '../git/range.ts'
import type { Repository } from '../git/repository.ts'
import type { Series } from '../series/series.ts'
import type { PullRequest } from '../sources/github.ts'

/**
 * A pull request as a series that is applied already, one patch a commit. `unsettled` where git and GitHub's API do not agree about
 * its end, as they do for some seconds after a push: to be asked again. `none` says why it cannot be judged.
 */
export type ReadPull =
  | {
      readonly kind: 'series'
      readonly series: Series
      readonly applied: AppliedSeries
      /** The whole diff, whose lines can be commented on; null where it is too large. */
      readonly files: readonly FileDiff[] | null
      readonly head: string
      readonly base: string
    }
  | { readonly kind: 'unsettled'; readonly api: string; readonly git: string }
  | { readonly kind: 'none'; readonly reason: string }

/** Commits judged of one pull request; GitHub lists 250 of them, git has all. */
const maxCommits = 1000

/** Fetches a pull request and reads its commits from git. */
export async function readPull(
  pull: PullRequest,
  {
    repository,
    token,
    signal,
  }: { readonly repository: Repository; readonly token: string | null; readonly signal?: AbortSignal },
): Promise<ReadPull> {
  const { owner, repo, number } = pull
  const place = {
    url: pull.gitUrl,
    number,
    base: pull.base,
    ...(token !== null && { token }),
    ...(signal && { signal }),
  }
  const fetched = await fetchPull(repository, place)
  if (fetched.kind === 'none') return fetched
  const { head, base, mergeBase } = fetched
  if (head !== pull.head) return { kind: 'unsettled', api: pull.head, git: head }
  const own = { ...repository, user: repository.own }
  const read = await readRange(own, `${base}..${head}`, { maxCommits, ...(signal && { signal }) })
  if (read.kind === 'none') return read
  const series: Series = { ...read.series, id: `${owner}/${repo}#${number}`, subject: pull.title }
  return { ...read, series, files: await readWholeDiff(repository, { mergeBase, head }), head, base }
}
