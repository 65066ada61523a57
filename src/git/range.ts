import { parseDiff } from '../diff/parse-diff.ts'
import type { Application } from '../series/application.ts'
import type { Envelope, Patch, Series } from '../series/series.ts'
import { parseTrailers } from '../series/trailers.ts'
import { decodeBytes, toBinaryString } from '../text/decode.ts'
import type { AppliedSeries, AppliedStep } from './apply-series.ts'
import { GitError } from './git-error.ts'
import type { Repository } from './repository.ts'
import { treeOf } from './trees.ts'
import { lastLines, runGit, type RunOptions } from './run.ts'
import type { GitTree } from './tree.ts'

/** Local commits as a series, each a patch that is applied already; or why the range is none. */
export type RangeResult =
  | { readonly kind: 'series'; readonly series: Series; readonly applied: AppliedSeries }
  | { readonly kind: 'none'; readonly reason: string }

export type RangeOptions = {
  /** Commits read at most; a longer range is refused. Default 250, as many as a pull request of GitHub shows. */
  readonly maxCommits?: number
  readonly signal?: AbortSignal
}

/**
 * The commits of `A..B`, `A..` (to HEAD), `..B` or of one revision, oldest first. Merges bring no change of their own and
 * are left out, which `inferred` says. Line numbers of a patch count in its log, a line `---`, and its diff.
 */
export async function readRange(
  repository: Repository,
  range: string,
  { maxCommits = 250, signal }: RangeOptions = {},
): Promise<RangeResult> {
  const run = signal === undefined ? repository.user : { ...repository.user, signal }
  if (range.includes('...')) return { kind: 'none', reason: `\`${range}\` is a symmetric difference, not a range` }
  const log = await readLog(run, range, range.includes('..') ? maxCommits + 1 : 1)
  if (typeof log === 'string') return { kind: 'none', reason: `\`${range}\` is no range of commits: ${log}` }
  if (log.length > maxCommits) return { kind: 'none', reason: `\`${range}\` has more than ${maxCommits} commits` }
  const commits = log.filter(({ parents }) => parents.length < 2)
  const [first] = commits
  if (first === undefined)
    return { kind: 'none', reason: `\`${range}\` has no commits${log.length > 0 ? ' but merges' : ''}` }
  const patches: Patch[] = []
  for (const commit of commits)
    patches.push(await readPatch(commit, { repository, run, total: commits.length, index: patches.length + 1 }))
  const merges = log.filter(({ parents }) => parents.length > 1)
  const series = toSeries(
    patches,
    merges.map(({ id }) => `merge ${id.slice(0, 12)} is left out: it has no change of its own`),
  )
  return { kind: 'series', series, applied: asApplied(repository, commits, range) }
}

type Commit = {
  readonly id: string
  readonly parents: readonly string[]
  readonly name: string
  readonly address: string
  /** Seconds since 1970. */
  readonly authored: number
  readonly title: string
  readonly log: string
}

const logFormat = ['%H', '%P', '%an', '%ae', '%at', '%s', '%b'].join('%x00')

/** The commits of a range, oldest first; or what git has against it. */
async function readLog(run: RunOptions, range: string, limit: number): Promise<readonly Commit[] | string> {
  if (range.startsWith('-')) return 'it is an option'
  const args = ['log', '-z', '--topo-order', `--max-count=${limit}`, `--format=tformat:${logFormat}`]
  const { exitCode, stdout, stderr } = await runGit([...args, '--end-of-options', range, '--'], run)
  if (exitCode !== 0) return lastLines(stderr)
  const fields = stdout.toString('utf8').split('\0')
  const commits: Commit[] = []
  for (let at = 0; at + 6 < fields.length; at += 7) {
    const [id = '', parents = '', name = '', address = '', authored = '0', title = '', log = ''] = fields.slice(
      at,
      at + 7,
    )
    const ids = parents.split(' ').filter((parent) => parent !== '')
    commits.push({ id, parents: ids, name, address, authored: Number(authored), title, log: log.trimEnd() })
  }
  return commits.reverse()
}

type PatchContext = {
  readonly repository: Repository
  readonly run: RunOptions
  readonly index: number
  readonly total: number
}

async function readPatch(commit: Commit, { repository, run, index, total }: PatchContext): Promise<Patch> {
  const diff = await diffOf(commit, run)
  const bytes = Buffer.concat([Buffer.from(`${commit.log}\n---\n\n`), diff])
  const { text } = decodeBytes(bytes)
  const { files, problems } = parseDiff(text)
  return {
    envelope: envelopeOf(commit, repository.gitDirectory),
    index,
    total,
    title: commit.title,
    author: { name: commit.name, address: commit.address },
    date: commit.authored * 1000,
    log: commit.log,
    notes: '',
    trailers: parseTrailers(commit.log).map((trailer) => ({ ...trailer, from: null })),
    text,
    bytes: toBinaryString(bytes),
    attached: false,
    files,
    problems,
  }
}

/** As git format-patch writes it, whatever the repository's configuration says of diffs. */
const diffOptions = [
  '--patch',
  '--no-commit-id',
  '--root',
  '--binary',
  '--full-index',
  '--find-renames',
  '--unified=3',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--submodule=short',
]

async function diffOf({ id }: Commit, run: RunOptions): Promise<Buffer> {
  const { exitCode, stdout, stderr } = await runGit(['diff-tree', ...diffOptions, id], run)
  if (exitCode !== 0) throw new GitError('failed', `git diff-tree failed on ${id}: ${lastLines(stderr)}`)
  return stdout
}

function envelopeOf(commit: Commit, gitDirectory: string): Envelope {
  return {
    id: commit.id,
    inReplyTo: null,
    references: [],
    from: { name: commit.name, address: commit.address },
    replyTo: [],
    to: [],
    cc: [],
    date: commit.authored * 1000,
    subject: commit.title,
    headers: [],
    origin: { kind: 'commit', repository: gitDirectory, commit: commit.id },
  }
}

function toSeries(patches: readonly Patch[], inferred: readonly string[]): Series {
  const [first] = patches
  return {
    id: first?.envelope.id ?? '',
    version: 1,
    subject: first?.title ?? '',
    prefixes: [],
    expected: patches.length,
    cover: null,
    patches,
    missing: [],
    base: { commit: null, prerequisitePatchIds: [], prerequisites: [], branch: null },
    changeId: null,
    rerollOf: null,
    supersededBy: null,
    inferred,
  }
}

/** Commits are applied as they are: each on its parent, the first commit of a repository on an empty tree. */
function asApplied(repository: Repository, commits: readonly Commit[], range: string): AppliedSeries {
  const empty = repository.write('tree', new Uint8Array())
  const steps = commits.map(({ id, parents }, index): AppliedStep => {
    return { index: index + 1, before: mustTree(repository, parents[0] ?? empty), after: mustTree(repository, id) }
  })
  const patches = commits.map(({ id }, index) => {
    return {
      index: index + 1,
      kind: 'applied',
      commit: id,
      how: 'clean',
      detail: 'a commit of the repository',
    } as const
  })
  const base = {
    commit: commits[0]?.parents[0] ?? empty,
    how: 'given',
    certain: true,
    detail: `parent of \`${range}\``,
  } as const
  const application: Application = { kind: 'applied', base, patches }
  return { application, base: steps[0]?.before ?? null, steps }
}

function mustTree(repository: Repository, id: string): GitTree {
  const tree = treeOf(repository, id)
  if (tree === null) throw new GitError('object-missing', `the tree of ${id} is not in the repository: is it shallow?`)
  return tree
}
