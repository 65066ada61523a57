import { createHash } from 'node:crypto'
import type { ObjectFormat } from './private-repository.ts'
import type { TreeItem } from './tree-object.ts'

/** The entries of an index by path, and whether a merge left some of them undecided. */
export type IndexEntries = { readonly items: ReadonlyMap<string, TreeItem>; readonly unmerged: boolean }

/** Before an entry's id stand ten numbers of 32 bits: times, device, inode, mode, owner, size (gitformat-index(5)). */
const statBytes = 40
const modeOffset = 24
const headerBytes = 12
const longestShortName = 0xfff

/**
 * An index of version 2 (gitformat-index(5)) with nothing but paths, modes and ids: what `git update-index --index-info`
 * makes, without starting git for it.
 */
export function formatIndex(items: ReadonlyMap<string, TreeItem>, format: ObjectFormat): Uint8Array {
  const entries = [...items]
    .map(([path, item]) => ({ name: Buffer.from(path, 'utf8'), item }))
    .sort((a, b) => Buffer.compare(a.name, b.name))
  const header = Buffer.alloc(headerBytes)
  header.write('DIRC')
  header.writeUInt32BE(2, 4)
  header.writeUInt32BE(entries.length, 8)
  const body = Buffer.concat([header, ...entries.map(({ name, item }) => formatEntry(name, item))])
  return Buffer.concat([body, createHash(format).update(body).digest()])
}

function formatEntry(name: Buffer, { mode, id }: TreeItem): Buffer {
  const idBytes = id.length / 2
  const length = statBytes + idBytes + 2 + name.length
  // One to eight NULs, up to a multiple of eight.
  const entry = Buffer.alloc((length + 8) & ~7)
  entry.writeUInt32BE(Number.parseInt(mode, 8), modeOffset)
  entry.write(id, statBytes, 'hex')
  entry.writeUInt16BE(Math.min(name.length, longestShortName), statBytes + idBytes)
  name.copy(entry, statBytes + idBytes + 2)
  return entry
}

/** The entries of an index that git wrote here; its extensions are passed over. Null where it is of another version. */
export function parseIndex(bytes: Uint8Array, format: ObjectFormat): IndexEntries | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer.length < headerBytes || buffer.toString('latin1', 0, 4) !== 'DIRC') return null
  if (buffer.readUInt32BE(4) !== 2) return null
  const idBytes = format === 'sha1' ? 20 : 32
  const items = new Map<string, TreeItem>()
  let unmerged = false
  let at = headerBytes
  for (let left = buffer.readUInt32BE(8); left > 0; left -= 1) {
    const nameAt = at + statBytes + idBytes + 2
    const end = buffer.indexOf(0, nameAt)
    const name = buffer.toString('utf8', nameAt, end)
    const stage = (buffer.readUInt16BE(nameAt - 2) >> 12) & 3
    const mode = buffer
      .readUInt32BE(at + modeOffset)
      .toString(8)
      .padStart(6, '0')
    if (stage === 0) items.set(name, { mode, id: buffer.toString('hex', at + statBytes, at + statBytes + idBytes) })
    else unmerged = true
    at += (statBytes + idBytes + 2 + (end - nameAt) + 8) & ~7
  }
  return { items, unmerged }
}
