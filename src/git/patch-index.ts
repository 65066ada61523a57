import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { GitError } from './git-error.ts'
import { formatIndex, parseIndex, type IndexEntries } from './index-file.ts'
import type { ObjectFormat } from './private-repository.ts'
import { runGit, type RunOptions, type RunResult } from './run.ts'
import type { TreeItem } from './tree-object.ts'

/**
 * An index of our own that holds only the paths a series touches: git applies to it in 4 ms, where an index of a whole
 * kernel takes 70.
 */
export type PatchIndex = {
  entries(): IndexEntries
  /** Sets paths to entries, or (null) takes them out. */
  set(items: ReadonlyMap<string, TreeItem | null>): void
  /** Runs `git apply --cached` on it with more options. Refused, the index is as before; a three-way merge may leave it half done. */
  apply(patch: Uint8Array, options: readonly string[]): Promise<RunResult>
}

/** An empty index in a file; `path` is not there yet. */
export function createPatchIndex(
  path: string,
  { format, run }: { readonly format: ObjectFormat; readonly run: RunOptions },
): PatchIndex {
  const options = { ...run, env: { ...run.env, GIT_INDEX_FILE: path } }
  const entries = (): IndexEntries => {
    if (!existsSync(path)) return { items: new Map(), unmerged: false }
    const parsed = parseIndex(readFileSync(path), format)
    if (parsed === null) throw new GitError('failed', 'git wrote an index of an unknown version')
    return parsed
  }
  return {
    entries,
    set: (changes) => {
      const items = new Map(entries().items)
      for (const [name, item] of changes) {
        if (item === null) items.delete(name)
        else items.set(name, item)
      }
      rmSync(`${path}.lock`, { force: true })
      writeFileSync(path, formatIndex(items, format))
    },
    apply: (patch, more) => runGit(['apply', '--cached', ...more, '-'], { ...options, stdin: patch }),
  }
}
