import type { WriteObject } from './object-writer.ts'
import { directoryMode, formatTree, type Items, type TreeItem } from './tree-object.ts'
import type { TreeStore } from './tree-store.ts'
import { toBytes, type GitTree } from './tree.ts'

/** What becomes of a path: its new entry, or null where it goes. */
export type TreeChanges = ReadonlyMap<string, TreeItem | null>

/** The id of the changed tree; or the path that cannot be there, because a file is where a directory would have to be. */
export type ChangedTree =
  | { readonly kind: 'tree'; readonly id: string }
  | { readonly kind: 'conflict'; readonly path: string; readonly reason: string }

/**
 * Writes the trees that changes of a few paths need, from the deepest directory up; all others stay as they are.
 * A directory that loses its last entry goes too.
 */
export function changeTree(
  tree: GitTree,
  changes: TreeChanges,
  { store, write }: { readonly store: TreeStore; readonly write: WriteObject },
): ChangedTree {
  const conflict = findConflict(tree, changes)
  if (conflict !== null) return conflict
  const pending = byDirectory(changes)
  for (const directory of deepestFirst(pending)) {
    const items = new Map(itemsOf(tree, directory, store))
    for (const [name, change] of pending.get(directory) ?? []) {
      if (change === null) items.delete(name)
      else items.set(name, change)
    }
    const [parent, name] = split(directory)
    if (items.size === 0 && directory !== '') {
      if (!isPresent(changes.get(directory))) pending.get(parent)?.set(name, null)
      continue
    }
    const id = write('tree', formatTree(items))
    store.keep(id, items)
    if (directory === '') return { kind: 'tree', id }
    pending.get(parent)?.set(name, { mode: directoryMode, id })
  }
  return { kind: 'tree', id: tree.id }
}

function itemsOf(tree: GitTree, directory: string, store: TreeStore): Items {
  if (directory === '') return store.items(tree.id, tree.id)
  const item = tree.item(directory)
  return item?.mode === directoryMode ? store.items(item.id, tree.id) : new Map<string, TreeItem>()
}

function isPresent(item: TreeItem | null | undefined): item is TreeItem {
  return item !== null && item !== undefined
}

/** A path below a file, or in the place of a directory, that the changes do not take away. */
function findConflict(tree: GitTree, changes: TreeChanges): Extract<ChangedTree, { kind: 'conflict' }> | null {
  for (const [path, change] of changes) {
    if (change === null) continue
    if (tree.item(path)?.mode === directoryMode && !isEmptied(tree, path, changes)) {
      return { kind: 'conflict', path, reason: 'is a directory' }
    }
    for (const parent of parentsOf(path)) {
      const item = changes.has(parent) ? changes.get(parent) : tree.item(parent)
      if (isPresent(item) && item.mode !== directoryMode) {
        return { kind: 'conflict', path, reason: `\`${parent}\` is a file` }
      }
    }
  }
  return null
}

function isEmptied(tree: GitTree, directory: string, changes: TreeChanges): boolean {
  return tree.list(directory).every(({ name, kind }) => {
    const path = `${directory}/${name}`
    return kind === 'directory' ? isEmptied(tree, path, changes) : changes.get(path) === null
  })
}

/** The changes by directory and name, with an empty entry for every directory on the way up. */
function byDirectory(changes: TreeChanges): Map<string, Map<string, TreeItem | null>> {
  const pending = new Map<string, Map<string, TreeItem | null>>([['', new Map<string, TreeItem | null>()]])
  for (const [path, change] of changes) {
    for (const parent of parentsOf(path)) if (!pending.has(parent)) pending.set(parent, new Map())
    const [parent, name] = split(path)
    pending.get(parent)?.set(name, change)
  }
  return pending
}

function deepestFirst(pending: ReadonlyMap<string, unknown>): readonly string[] {
  const depth = (path: string): number => (path === '' ? 0 : path.split('/').length)
  return [...pending.keys()].sort((a, b) => depth(b) - depth(a))
}

/** The directories above a path, from the top down, without the top itself. */
function parentsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function split(path: string): readonly [parent: string, name: string] {
  const slash = path.lastIndexOf('/')
  return [path.slice(0, Math.max(slash, 0)), toBytes(path.slice(slash + 1))]
}
