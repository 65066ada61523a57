import { changeTree, type TreeChanges } from '../git/change-tree.ts'
import { GitError } from '../git/git-error.ts'
import type { Repository } from '../git/repository.ts'
import { lastLines, runGit } from '../git/run.ts'
import { createTree, type GitTree } from '../git/tree.ts'
import type { TreeItem } from '../git/tree-object.ts'

/** Which of a user's worktrees, and which index of it, a hook was started for. */
export type Worktree = {
  readonly gitDirectory: string
  /** The index that git works with, where it is not that of the worktree. */
  readonly indexFile: string | null
}

/** What is staged over HEAD, by path; or what git has against telling. */
export type StagedChanges =
  { readonly kind: 'changes'; readonly changes: TreeChanges } | { readonly kind: 'failed'; readonly reason: string }

/** Asks git what is staged over HEAD; fails where HEAD has no commit. */
export async function stagedChanges(repository: Repository, worktree: Worktree): Promise<StagedChanges> {
  const args = ['diff-index', '--cached', '--raw', '-z', '--no-abbrev', '--no-renames', '--no-ext-diff', 'HEAD']
  const { exitCode, stdout, stderr } = await runGit([...args, '--'], worktreeRun(repository, worktree))
  return exitCode === 0
    ? { kind: 'changes', changes: readRaw(stdout.toString('utf8')) }
    : { kind: 'failed', reason: `git diff-index failed: ${lastLines(stderr)}` }
}

/** The tree that a commit of what is staged over HEAD would have. Nothing is written to the user's repository. */
export function stagedTree(repository: Repository, head: GitTree, changes: TreeChanges): GitTree {
  const changed = changeTree(head, changes, repository)
  if (changed.kind === 'conflict')
    throw new GitError('failed', `the index is of no tree: ${changed.path}: ${changed.reason}`)
  return changed.id === head.id ? head : createTree(repository.store, changed.id)
}

/** How to run git on one worktree of a repository. */
export function worktreeRun({ user }: Repository, { gitDirectory, indexFile }: Worktree): Repository['user'] {
  const env = { ...user.env, GIT_DIR: gitDirectory, ...(indexFile !== null && { GIT_INDEX_FILE: indexFile }) }
  return { ...user, env }
}

/** `:OLDMODE NEWMODE OLDID NEWID STATUS NUL PATH NUL` in a row (git-diff(1), "raw output format"); a path that goes has the mode 0. */
function readRaw(raw: string): TreeChanges {
  const fields = raw.split('\0')
  const changes = new Map<string, TreeItem | null>()
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = '', , id = ''] = (fields[at] ?? '').slice(1).split(' ')
    changes.set(fields[at + 1] ?? '', /^0+$/.test(mode) ? null : { mode, id })
  }
  return changes
}
