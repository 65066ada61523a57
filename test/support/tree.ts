import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { FileDiff } from '../../src/diff/file-diff.ts'
import { decodeBytes } from '../../src/text/decode.ts'
import type { Tree, TreeEntry } from '../../src/text/tree.ts'

/** The files of a tree by path: their text, or their text and that they are executable. */
export type TreeLiteral = Readonly<Record<string, string | { readonly text: string; readonly executable: boolean }>>

type File = { readonly text: string; readonly executable: boolean }

/** A tree of the given files. Blob ids are git's, so that facts are shared as in life; the tree itself has no id. */
export function treeOf(files: TreeLiteral): Tree {
  return treeOfFiles(
    new Map(
      Object.entries(files).map(([path, file]) => [
        path,
        typeof file === 'string' ? { text: file, executable: false } : file,
      ]),
    ),
  )
}

function treeOfFiles(files: ReadonlyMap<string, File>): Tree {
  const list = (directory: string): TreeEntry[] => {
    const prefix = directory === '' ? '' : `${directory}/`
    const entries = new Map<string, TreeEntry>()
    for (const path of files.keys()) {
      if (!path.startsWith(prefix)) continue
      const [name = '', ...below] = path.slice(prefix.length).split('/')
      entries.set(name, { name, kind: below.length > 0 ? 'directory' : 'file' })
    }
    return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }
  return {
    id: null,
    read: (path) => files.get(path)?.text ?? null,
    list,
    blob: (path) => {
      const file = files.get(path)
      return file ? blobId(file.text) : null
    },
    isExecutable: (path) => files.get(path)?.executable ?? false,
    prefetch: () => undefined,
  }
}

/** What `git hash-object` says of a text. */
export function blobId(text: string): string {
  const bytes = Buffer.from(text)
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

/**
 * The files below a directory of the disk, as a literal. A name that begins with `dot.` stands for one that begins with
 * a dot, so that a fixture's .gitignore does not bind the repository that the fixture is kept in.
 */
export function readTreeLiteral(directory: string): TreeLiteral {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const executable = (statSync(path).mode & 0o100) !== 0
      const name = relative(directory, path).replaceAll(/(^|\/)dot\./g, '$1.')
      return [name, { text: decodeBytes(readFileSync(path)).text, executable }]
    }),
  )
}

/** The tree after a diff. Throws where the diff does not fit exactly: a fixture's patch is made for its tree. */
export function patchTree(tree: Tree, diff: readonly FileDiff[]): Tree {
  const files = new Map(allFiles(tree).map((path) => [path, fileOf(tree, path)]))
  for (const file of diff) {
    const text = patchText(file.oldPath === null ? '' : (tree.read(file.oldPath) ?? unfit(file, 0)), file)
    const executable = file.newMode === null ? tree.isExecutable(file.oldPath ?? '') : file.newMode === '100755'
    if (file.oldPath !== null && file.kind !== 'copy') files.delete(file.oldPath)
    if (file.newPath !== null) files.set(file.newPath, { text, executable })
  }
  return treeOfFiles(files)
}

function fileOf(tree: Tree, path: string): File {
  return { text: tree.read(path) ?? '', executable: tree.isExecutable(path) }
}

/** The paths of all files of a tree. */
export function allFiles(tree: Tree, directory = ''): string[] {
  return tree.list(directory).flatMap(({ name, kind }) => {
    const path = directory === '' ? name : `${directory}/${name}`
    return kind === 'directory' ? allFiles(tree, path) : [path]
  })
}

function patchText(old: string, file: FileDiff): string {
  const lines = old.split(/(?<=\n)/)
  const result: string[] = []
  let next = 0
  for (const hunk of file.hunks) {
    const start = hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1
    result.push(...lines.slice(next, start))
    next = start
    for (const line of hunk.lines) {
      const text = line.newline ? `${line.text}\n` : line.text
      if (line.kind !== 'add' && lines[next++] !== text) return unfit(file, line.patchLine)
      if (line.kind !== 'delete') result.push(text)
    }
  }
  return [...result, ...lines.slice(next)].join('')
}

function unfit(file: FileDiff, line: number): never {
  throw new Error(`the patch does not fit the tree: ${file.oldPath ?? file.newPath ?? ''}, line ${line} of the patch`)
}
