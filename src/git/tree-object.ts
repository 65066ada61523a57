/** An entry of a tree object. The mode is octal as git prints it: `100644`, `040000`. */
export type TreeItem = { readonly mode: string; readonly id: string }

/** The entries of one directory by name; names are bytes, one character each. */
export type Items = ReadonlyMap<string, TreeItem>

export const directoryMode = '040000'

/** Reads a tree object: `MODE NAME\0ID` in a row, ids of `idBytes` bytes (git's tree-walk.c `decode_tree_entry()`). */
export function parseTree(bytes: Uint8Array, idBytes: number): Items {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const items = new Map<string, TreeItem>()
  let at = 0
  while (at < buffer.length) {
    const blank = buffer.indexOf(32, at)
    const nul = buffer.indexOf(0, blank)
    if (blank === -1 || nul === -1) break
    const id = buffer.toString('hex', nul + 1, nul + 1 + idBytes)
    items.set(buffer.toString('latin1', blank + 1, nul), {
      mode: buffer.toString('latin1', at, blank).padStart(6, '0'),
      id,
    })
    at = nul + 1 + idBytes
  }
  return items
}

/** The tree object of entries, in git's order: by bytes, a directory as if its name ended in `/`. */
export function formatTree(items: Items): Uint8Array {
  const sortKey = ([name, { mode }]: readonly [string, TreeItem]): string =>
    mode === directoryMode ? `${name}/` : name
  const sorted = [...items].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
  return Buffer.concat(
    sorted.flatMap(([name, { mode, id }]) => [
      Buffer.from(`${mode.replace(/^0+/, '')} ${name}\0`, 'latin1'),
      Buffer.from(id, 'hex'),
    ]),
  )
}

/** The paths of the regular files in the output of `git ls-tree -r -t -z`, as git's bytes, one character each. */
export function filesIn(bytes: Uint8Array): readonly string[] {
  const found: string[] = []
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  for (let at = 0; at < text.length;) {
    // As in `parseListing`; a regular file's mode begins with 100.
    const end = text.indexOf('\0', at)
    if (text.startsWith('100', at)) found.push(text.slice(text.indexOf('\t', at) + 1, end))
    at = end + 1
  }
  return found
}

/**
 * The directories in the output of `git ls-tree -r -t -z` of the tree `root`, by the id of their tree. One pass: a
 * directory's own line stands before those of what it holds.
 */
export function parseListing(bytes: Uint8Array, root: string): ReadonlyMap<string, Items> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const top = new Map<string, TreeItem>()
  const byId = new Map<string, Items>([[root, top]])
  const byPath = new Map<string, Map<string, TreeItem>>([['', top]])
  for (let at = 0; at < text.length;) {
    // `MODE TYPE ID\tPATH\0`, the mode of six digits.
    const tab = text.indexOf('\t', at)
    const end = text.indexOf('\0', tab)
    const mode = text.slice(at, at + 6)
    const id = text.slice(text.indexOf(' ', at + 7) + 1, tab)
    const slash = text.lastIndexOf('/', end)
    const directory = slash > tab ? text.slice(tab + 1, slash) : ''
    byPath.get(directory)?.set(text.slice(Math.max(slash, tab) + 1, end), { mode, id })
    if (mode === directoryMode) {
      const items = new Map<string, TreeItem>()
      byPath.set(text.slice(tab + 1, end), items)
      byId.set(id, items)
    }
    at = end + 1
  }
  return byId
}
