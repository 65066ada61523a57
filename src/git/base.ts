import type { Base } from '../series/application.ts'
import type { Series } from '../series/series.ts'
import { fetchCommit } from './fetch-commit.ts'
import { resolveCommit, type Repository } from './repository.ts'
import { treeOf } from './trees.ts'

/** How a base is chosen where the caller knows better than the mails. */
export type BaseOptions = {
  /** A revision of the user's repository: this one or none. */
  readonly given?: string
  /** Whether a base-commit that is not there may be fetched from the repository's remotes. Default `never`. */
  readonly fetch?: 'never' | 'remotes'
  /** What follows a base-commit that is not to be had: look for the next best, or refuse. Default `guess`. */
  readonly unreachable?: 'guess' | 'refuse'
  readonly signal?: AbortSignal
}

export type ChosenBase =
  { readonly kind: 'base'; readonly base: Base } | { readonly kind: 'no-base'; readonly reason: string }

/**
 * The commit to apply a series to: the given one; the base-commit of the mails; of HEAD and the newest branches and tags
 * the one that has most of the files as the diffs expect them; HEAD. What was passed over is said in the detail.
 */
export async function chooseBase(
  repository: Repository,
  series: Series,
  options: BaseOptions = {},
): Promise<ChosenBase> {
  if (options.given !== undefined) return givenBase(repository, options.given)
  const named = series.base.commit
  if (named === null) return guessBase(repository, series, '')
  const commit = await findNamed(repository, named, options)
  if (commit !== null) {
    return { kind: 'base', base: { commit, how: 'base-commit', certain: true, detail: 'base-commit of the mails' } }
  }
  const missing = `the base-commit ${named.slice(0, 12)} of the mails is not in the repository`
  if (options.unreachable === 'refuse') return { kind: 'no-base', reason: missing }
  return guessBase(repository, series, `${missing}; `)
}

async function givenBase(repository: Repository, revision: string): Promise<ChosenBase> {
  const commit = await resolveCommit(repository, revision)
  if (commit === null) return { kind: 'no-base', reason: `\`${revision}\` is no commit of the repository` }
  return { kind: 'base', base: { commit, how: 'given', certain: true, detail: `\`${revision}\`, as given` } }
}

/** Only an id counts: a mail does not get to name a branch of the user's. */
async function findNamed(repository: Repository, named: string, options: BaseOptions): Promise<string | null> {
  if (!/^[\da-f]{7,64}$/.test(named)) return null
  const [object] = repository.reader.read([named], 0)
  if (object?.type === 'commit') return object.id
  return options.fetch === 'remotes' ? fetchCommit(repository, named, options.signal) : null
}

/** A file as the first patch that touches it expects it. */
type Expected = { readonly path: string; readonly blob: string }

async function guessBase(repository: Repository, series: Series, passedOver: string): Promise<ChosenBase> {
  const head = await repository.head()
  const expected = expectedFiles(series)
  const candidates = [...(head === null ? [] : [{ commit: head, name: 'HEAD' }]), ...(await repository.newestRefs())]
  const [first] = candidates
  if (first === undefined) return { kind: 'no-base', reason: `${passedOver}the repository has no commit` }
  let best = { ...first, matches: countMatches(repository, first.commit, expected) }
  for (const candidate of expected.length === 0 ? [] : candidates.slice(1)) {
    if (best.matches === expected.length) break
    const matches = countMatches(repository, candidate.commit, expected)
    if (matches > best.matches) best = { ...candidate, matches }
  }
  const { commit, name, matches } = best
  const isMatch = matches > 0 && (matches === expected.length || commit !== head)
  const count = expected.length === 0 ? '' : `; ${matches} of ${expected.length} files are as the patches expect them`
  const how = isMatch ? 'blobs' : 'head'
  return { kind: 'base', base: { commit, how, certain: false, detail: `${passedOver}${name}${count}` } }
}

/** What the first diff of each path says was there. Later diffs of it start from what the series made. */
function expectedFiles(series: Series): readonly Expected[] {
  const seen = new Map<string, string | null>()
  for (const file of series.patches.flatMap((patch) => patch.files)) {
    if (file.oldPath !== null && !seen.has(file.oldPath)) seen.set(file.oldPath, file.oldBlob)
    if (file.newPath !== null && !seen.has(file.newPath)) seen.set(file.newPath, null)
  }
  return [...seen].flatMap(([path, blob]) => (blob === null || /^0+$/.test(blob) ? [] : [{ path, blob }]))
}

function countMatches(repository: Repository, commit: string, expected: readonly Expected[]): number {
  const tree = treeOf(repository, commit)
  return tree === null ? 0 : expected.filter(({ path, blob }) => tree.item(path)?.id.startsWith(blob)).length
}
