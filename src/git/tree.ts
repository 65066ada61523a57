import type { Tree, TreeEntry } from '../text/tree.ts'
import { directoryMode, filesIn, type Items, type TreeItem } from './tree-object.ts'
import type { TreeStore } from './tree-store.ts'

/** A tree of git objects, and what applying patches needs to know of it beyond a Tree. */
export type GitTree = Tree & {
  readonly id: string
  /** The entry of a path, whatever it is; null where there is none. */
  item(path: string): TreeItem | null
  /** All directories as git lists them, for `adoptListing` of the same tree in another thread. */
  listing(): Uint8Array
  /** Has the system read files that other threads will ask for, where that saves them from waiting. */
  readAhead(paths: readonly string[], signal: AbortSignal): Promise<void>
  /** Takes over what was listed elsewhere, as in another thread. */
  adoptListing(listing: Uint8Array): void
}

/**
 * The tree with an id, read as it is asked for: nothing is listed before a directory is looked into, and what another
 * tree of the same store has read is not read again. Symbolic links and submodules are no files of it.
 */
export function createTree(store: TreeStore, id: string): GitTree {
  const directories = new Map<string, Items | null>()

  const directory = (path: string): Items | null => {
    const known = directories.get(path)
    if (known !== undefined) return known
    const found = path === '' ? id : idBelow(path)
    const items = found === null ? null : store.items(found, id)
    directories.set(path, items)
    return items
  }

  const idBelow = (path: string): string | null => {
    const [parent, name] = splitPath(path)
    const item = directory(parent)?.get(name)
    return item?.mode === directoryMode ? item.id : null
  }

  // What is asked for next is in every second case in the same directory.
  let last: { readonly path: string; readonly items: Items | null } | null = null
  const itemAt = (path: string): TreeItem | null => {
    if (!isPlain(path)) return null
    const slash = Math.max(path.lastIndexOf('/'), 0)
    if (last?.path.length !== slash || !path.startsWith(last.path)) {
      const parent = path.slice(0, slash)
      last = { path: parent, items: directory(parent) }
    }
    return last.items?.get(toBytes(path.slice(slash === 0 ? 0 : slash + 1))) ?? null
  }

  const file = (path: string): TreeItem | null => {
    const item = itemAt(path)
    return item !== null && isRegular(item.mode) ? item : null
  }

  return {
    id,
    item: itemAt,
    read: (path) => {
      const item = file(path)
      return item === null ? null : store.text(item.id, path)
    },
    list: (path) => [...((isPlain(path) ? directory(path) : null) ?? [])].map(entryOf).sort(byName),
    blob: (path) => file(path)?.id ?? null,
    isExecutable: (path) => file(path)?.mode === '100755',
    prefetch: (paths) => store.prefetch(() => paths.flatMap((path) => file(path)?.id ?? [])),
    readAhead: (paths, signal) => store.readAhead(paths, signal),
    listAhead: () => store.listAhead(id),
    listing: () => store.listing(id),
    adoptListing: (listing) => store.adopt(id, listing),
    files: () => filesIn(store.listing(id)).map(fromBytes),
  }
}

/** PATH_MAX of Linux: a longer path names nothing, and would be looked up one directory in the other. */
const longestPath = 4096

function isPlain(path: string): boolean {
  return !path.startsWith('/') && path.length <= longestPath
}

/** The directory and the name of a path, as the bytes that git keeps them in. */
function splitPath(path: string): readonly [parent: string, name: string] {
  const slash = path.lastIndexOf('/')
  return [path.slice(0, Math.max(slash, 0)), toBytes(path.slice(slash + 1))]
}

/** A name as git's bytes, one character each: names of a tree object are compared and kept in that form. */
export function toBytes(name: string): string {
  return /[^\0-\x7f]/.test(name) ? Buffer.from(name, 'utf8').toString('latin1') : name
}

function fromBytes(name: string): string {
  return /[^\0-\x7f]/.test(name) ? Buffer.from(name, 'latin1').toString('utf8') : name
}

/** Old kernels of git wrote 100664 too; git itself treats every 100xxx as a file. */
function isRegular(mode: string): boolean {
  return mode.startsWith('100')
}

function entryOf([name, { mode }]: readonly [string, TreeItem]): TreeEntry {
  return { name: fromBytes(name), kind: kindOf(mode) }
}

function kindOf(mode: string): TreeEntry['kind'] {
  if (mode === directoryMode) return 'directory'
  if (mode === '120000') return 'symlink'
  return mode === '160000' ? 'submodule' : 'file'
}

function byName(a: TreeEntry, b: TreeEntry): number {
  return a.name < b.name ? -1 : 1
}
