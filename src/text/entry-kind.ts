import { oncePer } from './once-per.ts'
import type { Tree, TreeEntry } from './tree.ts'

/** What a path of a tree names; null where it names nothing. Each directory is listed once, for those who ask of many names in it. */
export const entryKind: (tree: Tree) => (path: string) => TreeEntry['kind'] | null = oncePer((tree) => {
  const listed = new Map<string, ReadonlyMap<string, TreeEntry['kind']>>()
  return (path) => {
    const slash = path.lastIndexOf('/')
    const directory = path.slice(0, Math.max(0, slash))
    let kinds = listed.get(directory)
    if (kinds === undefined) {
      kinds = new Map(tree.list(directory).map(({ name, kind }) => [name, kind]))
      listed.set(directory, kinds)
    }
    return kinds.get(path.slice(slash + 1)) ?? null
  }
})

/** Whether a path of a tree names anything but a directory. */
export const hasFile: (tree: Tree) => (path: string) => boolean = oncePer((tree) => {
  const kindOf = entryKind(tree)
  return (path) => {
    const kind = kindOf(path)
    return kind !== null && kind !== 'directory'
  }
})
