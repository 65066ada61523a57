import { oncePer } from './once-per.ts'
import type { Tree, TreeEntry } from './tree.ts'

/** The entries of the directories of a tree, each listed once: an adapter may put a listing together whenever it is asked. */
export const listOnce: (tree: Tree) => Tree['list'] = oncePer((tree) => {
  const known = new Map<string, readonly TreeEntry[]>()
  return (directory) => {
    let entries = known.get(directory)
    if (entries === undefined) {
      entries = tree.list(directory)
      known.set(directory, entries)
    }
    return entries
  }
})
