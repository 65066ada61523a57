import { changeTree, type TreeChanges } from '../git/change-tree.ts'
import type { Repository } from '../git/repository.ts'
import { createTree, type GitTree } from '../git/tree.ts'

/**
 * A tree in which some files have another text, as an editor holds them: new files too, by their paths. It has an id as any tree of
 * git, so that all that is known of the tree that it came from serves it; nothing is written to the user's repository. Null where a
 * path cannot be there, because a file stands where a directory would have to.
 */
export function editTree(
  repository: Repository,
  tree: GitTree,
  texts: ReadonlyMap<string, string | Uint8Array>,
): GitTree | null {
  const changes: TreeChanges = new Map(
    [...texts].map(([path, text]) => {
      const id = repository.write('blob', typeof text === 'string' ? Buffer.from(text, 'utf8') : text)
      return [path, { mode: tree.item(path)?.mode ?? regularMode, id }]
    }),
  )
  const changed = changeTree(tree, changes, repository)
  if (changed.kind === 'conflict') return null
  return changed.id === tree.id ? tree : createTree(repository.store, changed.id)
}

/** A file that nobody may execute (git's object.h, canon_mode()). */
const regularMode = '100644'
