import { decodeBytes } from '../text/decode.ts'
import { GitError } from './git-error.ts'
import type { ObjectReader } from './object-reader.ts'
import type { ObjectFormat } from './private-repository.ts'
import { parseListing, parseTree, type Items } from './tree-object.ts'
import { createWeighedCache } from './weighed-cache.ts'

/** A blob over this reads as if it were no text: the largest makefile of a kernel has 150 kB. Bytes. */
const maxBlobBytes = 8 * 1024 * 1024

/** Texts kept, in UTF-16 units; all makefiles and Kconfig files of a kernel have some 10 million. */
const maxKeptText = 64 * 1024 * 1024

/** Entries of directories kept: a kernel has 92,000, and every patch writes some hundreds anew. */
const maxKeptItems = 300_000

/** Blobs asked for in one round, so that a round stays within memory. */
const blobsPerRound = 256

/** Directories read one by one before the whole tree is listed at once, which takes as long as 1,000 of them. */
const singleReads = 32

/**
 * The directories and texts of a repository's trees, read once and kept under their ids: trees that differ in a few
 * files share everything else.
 */
export type TreeStore = {
  /** The entries of a tree. `root` is the tree that it was reached from. */
  items(id: string, root: string): Items
  /** Keeps the entries of a tree that was just written. */
  keep(id: string, items: Items): void
  /** The bytes of a blob; null where it is over 8 MB. */
  bytes(id: string): Uint8Array | null
  /** The text of a blob; null where it is over 8 MB. */
  text(id: string): string | null
  /** Reads the texts of blobs that are not kept yet. */
  prefetch(ids: readonly string[]): void
}

/** An empty store over a reader. */
export function createTreeStore(reader: ObjectReader, format: ObjectFormat): TreeStore {
  const directories = createWeighedCache<Items>(maxKeptItems, (items) => items.size)
  const texts = createWeighedCache<string | null>(maxKeptText, (text) => text?.length ?? 0)
  const listed = new Set<string>()
  const idBytes = format === 'sha1' ? 20 : 32
  let reads = 0

  const readDirectory = (id: string, root: string): Items => {
    reads += 1
    if (reads > singleReads && !listed.has(root)) {
      listed.add(root)
      for (const [tree, items] of parseListing(reader.listTree(root), root)) directories.set(tree, items)
    }
    const items = directories.get(id) ?? parseTree(readObject(reader, id, Infinity) ?? new Uint8Array(), idBytes)
    directories.set(id, items)
    return items
  }

  const prefetch = (ids: readonly string[]): void => {
    const wanted = [...new Set(ids)].filter((id) => !texts.has(id))
    for (let at = 0; at < wanted.length; at += blobsPerRound) {
      const round = wanted.slice(at, at + blobsPerRound)
      reader.read(round, maxBlobBytes).forEach((object, index) => {
        if (object === null) throw missing(round[index] ?? '')
        texts.set(object.id, object.bytes === null ? null : decodeBytes(object.bytes).text)
      })
    }
  }

  return {
    items: (id, root) => directories.get(id) ?? readDirectory(id, root),
    keep: (id, items) => directories.set(id, items),
    bytes: (id) => readObject(reader, id, maxBlobBytes),
    text: (id) => {
      if (!texts.has(id)) prefetch([id])
      return texts.get(id) ?? null
    },
    prefetch,
  }
}

function readObject(reader: ObjectReader, id: string, maxBytes: number): Uint8Array | null {
  const [object] = reader.read([id], maxBytes)
  if (object === null || object === undefined) throw missing(id)
  return object.bytes
}

function missing(id: string): GitError {
  return new GitError('object-missing', `object ${id} is not in the repository: is it a partial clone, or damaged?`)
}
