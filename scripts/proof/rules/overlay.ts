import { createHash } from 'node:crypto'
import type { Tree, TreeEntry } from '../../../src/text/tree.ts'
import type { Edit } from './plant.ts'

/** A tree with some files of it changed, added or deleted, as git would have it after a commit. */
export function overlay(tree: Tree, edits: readonly Edit[]): Tree {
  const texts = new Map(edits.map(({ path, text }) => [path, text]))
  const added = edits.filter(({ path, text }) => text !== null && tree.blob(path) === null)
  const deleted = edits.filter(({ text }) => text === null)
  const list = (directory: string): readonly TreeEntry[] => {
    const entries = tree.list(directory)
    const gone = new Set(deleted.flatMap(({ path }) => nameIn(directory, path) ?? []))
    const names = new Set(entries.map(({ name }) => name))
    const young = [...new Set(added.flatMap(({ path }) => entryIn(directory, path) ?? []))]
    if (gone.size + young.length === 0) return entries
    return [
      ...entries.filter(({ name }) => !gone.has(name)),
      ...young.flatMap((name) => (names.has(name) ? [] : [{ name, kind: kindOf(directory, name, texts) }])),
    ].sort((a, b) => (a.name < b.name ? -1 : 1))
  }
  return {
    id: null,
    read: (path) => texts.get(path) ?? (texts.has(path) ? null : tree.read(path)),
    list,
    blob: (path) => {
      const text = texts.get(path)
      return text === undefined ? tree.blob(path) : text === null ? null : blobId(text)
    },
    isExecutable: (path) => texts.get(path) !== null && tree.isExecutable(path),
    prefetch: (paths) => tree.prefetch(paths.filter((path) => !texts.has(path))),
  }
}

/** The name of a file that lies in a directory itself. */
function nameIn(directory: string, path: string): string | null {
  const name = entryIn(directory, path)
  return name !== null && (directory === '' ? path : path.slice(directory.length + 1)) === name ? name : null
}

/** The entry of a directory that a file is, or lies below. */
function entryIn(directory: string, path: string): string | null {
  const prefix = directory === '' ? '' : `${directory}/`
  return path.startsWith(prefix) ? (path.slice(prefix.length).split('/')[0] ?? null) : null
}

function kindOf(directory: string, name: string, texts: ReadonlyMap<string, string | null>): TreeEntry['kind'] {
  return texts.has(directory === '' ? name : `${directory}/${name}`) ? 'file' : 'directory'
}

/** What `git hash-object` says of a text. */
function blobId(text: string): string {
  const bytes = Buffer.from(text)
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
