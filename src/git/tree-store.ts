import { decodeBytes } from '../text/decode.ts'
import type { Checkout } from './checkout.ts'
import { GitError } from './git-error.ts'
import type { GitObject } from './object-protocol.ts'
import type { ObjectReader, Pending } from './object-reader.ts'
import type { ObjectFormat } from './private-repository.ts'
import { parseListing, parseTree, type Items } from './tree-object.ts'
import { createWeighedCache } from './weighed-cache.ts'

/** A blob over this reads as if it were no text: the largest makefile of a kernel has 150 kB. Bytes. */
export const maxBlobBytes = 8 * 1024 * 1024

/** Texts kept, in UTF-16 units; all makefiles and Kconfig files of a kernel have some 10 million. */
const maxKeptText = 64 * 1024 * 1024

/** Entries of directories kept: a kernel has 92,000, and every patch writes some hundreds anew. */
const maxKeptItems = 300_000

/** Blobs asked for in one round. */
const blobsPerRound = 64

/** Rounds asked for and not taken, so that what is read ahead stays within memory. */
const roundsAhead = 64

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
  /** The text of a blob, which a file of the checkout may have; null where it is over 8 MB. */
  text(id: string, path: string): string | null
  /** Asks for the texts of blobs that are not kept yet; they arrive while the caller goes on. Not where a checkout has them at hand. */
  prefetch(ids: () => readonly string[]): void
  /** Has the files of the checkout read from the disk that other threads will ask for. */
  readAhead(paths: readonly string[], signal: AbortSignal): Promise<void>
  /** Asks for all directories of a tree, which arrive while the caller goes on. */
  listAhead(root: string): void
  /** All directories of a tree as git lists them, for a store of another thread to adopt. */
  listing(root: string): Uint8Array
  /** Takes over what was listed of a tree elsewhere, as in another thread; it is looked into when a directory is asked for. */
  adopt(root: string, listing: Uint8Array): void
}

/** Blobs that were asked for together. */
type Round = { readonly ids: readonly string[]; readonly objects: Pending<readonly (GitObject | null)[]> }

/** Where a store reads. */
export type StoreOptions = {
  readonly reader: ObjectReader
  readonly format: ObjectFormat
  /** Asked first for what files have; null where there is none. */
  readonly checkout: Checkout | null
}

/** An empty store over a reader. */
export function createTreeStore({ reader, format, checkout }: StoreOptions): TreeStore {
  const directories = createWeighedCache<Items>(maxKeptItems, (items) => items.size)
  const texts = createWeighedCache<string | null>(maxKeptText, (text) => text?.length ?? 0)
  const idBytes = format === 'sha1' ? 20 : 32
  /** On their way, here, or parsed. */
  const listings = new Map<string, Pending<Uint8Array> | Uint8Array | 'taken'>()
  const rounds = new Set<Round>()
  const roundOf = new Map<string, Round>()
  let reads = 0

  const listAhead = (root: string): void => {
    if (!listings.has(root)) listings.set(root, reader.requestListing(root))
  }

  const adopt = (root: string, listing: Uint8Array): void => {
    if (listings.get(root) !== 'taken') listings.set(root, listing)
  }

  const listing = (root: string): Uint8Array => {
    const known = listings.get(root)
    if (known instanceof Uint8Array) return known
    const bytes = (known === undefined || known === 'taken' ? reader.requestListing(root) : known).take()
    listings.set(root, bytes)
    return bytes
  }

  const takeListing = (root: string): void => {
    if (listings.get(root) === 'taken') return
    for (const [tree, items] of parseListing(listing(root), root)) directories.set(tree, items)
    listings.set(root, 'taken')
  }

  const readDirectory = (id: string, root: string): Items => {
    reads += 1
    if (reads > singleReads || listings.get(root) instanceof Uint8Array) takeListing(root)
    const items = directories.get(id) ?? parseTree(readObject(reader, id, Infinity) ?? new Uint8Array(), idBytes)
    directories.set(id, items)
    return items
  }

  const takeRound = (round: Round): void => {
    rounds.delete(round)
    for (const id of round.ids) roundOf.delete(id)
    for (const object of round.objects.take())
      if (object !== null) texts.set(object.id, object.bytes === null ? null : decodeBytes(object.bytes).text)
  }

  const prefetch = (ids: () => readonly string[]): void => {
    if (checkout?.isTrusted() === true) return
    const wanted = [...new Set(ids())].filter((id) => !texts.has(id) && !roundOf.has(id))
    for (let at = 0; at < wanted.length; at += blobsPerRound) {
      const [oldest] = rounds
      if (rounds.size >= roundsAhead && oldest !== undefined) takeRound(oldest)
      const asked = wanted.slice(at, at + blobsPerRound)
      const round: Round = { ids: asked, objects: reader.request(asked, maxBlobBytes) }
      rounds.add(round)
      for (const id of asked) roundOf.set(id, round)
    }
  }

  const text = (id: string, path: string): string | null => {
    const round = texts.has(id) ? undefined : roundOf.get(id)
    if (round !== undefined) takeRound(round)
    const known = texts.get(id)
    if (known !== undefined) return known
    const bytes = checkout?.blob(path, id) ?? readObject(reader, id, maxBlobBytes)
    const read = bytes === null ? null : decodeBytes(bytes).text
    texts.set(id, read)
    return read
  }

  return {
    items: (id, root) => directories.get(id) ?? readDirectory(id, root),
    keep: (id, items) => directories.set(id, items),
    bytes: (id) => readObject(reader, id, maxBlobBytes),
    text,
    prefetch,
    readAhead: async (paths, signal) => checkout?.readAhead(paths, signal),
    listAhead,
    listing,
    adopt,
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
