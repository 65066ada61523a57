import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatCommit } from '../git/commit-object.ts'
import { readRange } from '../git/range.ts'
import { treeOf } from '../git/trees.ts'
import { gitOutput, runGit, type RunOptions } from '../git/run.ts'
import type { Finding, Skipped } from '../review/finding.ts'
import type { HookJudging } from './judge-am.ts'
import { judgeApplied } from './judge-series.ts'
import { stagedChanges, stagedTree, worktreeRun, type Worktree } from './staged-tree.ts'

/** What a commit brings that git is about to make, and what was not judged; empty where it is none of ours. */
export type CommitVerdict = { readonly findings: readonly Finding[]; readonly notRun: readonly Skipped[] }

const nothing: CommitVerdict = { findings: [], notRun: [] }

/** States in which commits are made that are commits already, or bring no change of their own (gitrepository-layout(5)). */
const foreign = ['MERGE_HEAD', 'rebase-merge', 'rebase-apply']

/**
 * Judges what is staged, with the message in a file, as the commit that git would make of them. A message with the title of HEAD is
 * taken for `--amend`, of which git does not tell this hook: then all of the amended commit is judged. The first commit of a
 * repository is not.
 */
export async function judgeCommit(
  { messagePath, worktree }: { readonly messagePath: string; readonly worktree: Worktree },
  judging: HookJudging,
): Promise<CommitVerdict> {
  if (foreign.some((name) => existsSync(join(worktree.gitDirectory, name)))) return nothing
  const { repository } = judging
  const run = worktreeRun(repository, worktree)
  const [head, message, author, asked] = await Promise.all([
    readHead(run),
    gitOutput(['stripspace', '--strip-comments'], { ...run, stdin: withoutScissors(readFileSync(messagePath)) }),
    readAuthor(run),
    stagedChanges(repository, worktree),
  ])
  const before = head === null ? null : treeOf(repository, head.id)
  if (head === null || before === null || asked.kind === 'failed') return nothing
  const [title = '', ...log] = message.trimEnd().split('\n')
  const parent = title === head.title && head.parents.length === 1 ? head.parents[0] : head.id
  if (parent === undefined || title === '') return nothing
  const tree = stagedTree(repository, before, asked.changes).id
  const patch = { title, log: log.join('\n'), author, date: judging.now() }
  const commit = repository.write('commit', formatCommit(patch, { tree, parent }))
  const range = await readRange({ ...repository, user: repository.own }, `${parent}..${commit}`)
  if (range.kind === 'none') return { findings: [], notRun: [{ what: title, why: range.reason }] }
  const { findings, notRun } = judgeApplied(range.series, range.applied, judging)
  return { findings, notRun }
}

type Head = { readonly id: string; readonly parents: readonly string[]; readonly title: string }

/** HEAD; null where it has no commit yet. */
async function readHead(run: RunOptions): Promise<Head | null> {
  const { exitCode, stdout } = await runGit(['log', '-1', '--format=%H%x00%P%x00%s'], run)
  const [id = '', parents = '', title = ''] = stdout.toString('utf8').trimEnd().split('\0')
  return exitCode === 0 ? { id, parents: parents.split(' ').filter((each) => each !== ''), title } : null
}

/** What `git commit --verbose` shows below the message (git's wt-status.c, `cut_line`). */
function withoutScissors(message: Buffer): string {
  const text = message.toString('utf8')
  const at = text.search(/^. -{24} >8 -{24}$/m)
  return at === -1 ? text : text.slice(0, at)
}

/** As git's configuration has it: that of the environment is not told to this process. Empty where it has none. */
async function readAuthor(run: RunOptions): Promise<{ readonly name: string; readonly address: string }> {
  const { exitCode, stdout } = await runGit(['var', 'GIT_AUTHOR_IDENT'], run)
  const [, name = '', address = ''] = /^(.*?) ?<([^>]*)>/.exec(exitCode === 0 ? stdout.toString('utf8') : '') ?? []
  return { name, address }
}
