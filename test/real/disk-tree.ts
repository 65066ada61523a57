import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decodeBytes } from '../../src/text/decode.ts'
import type { Tree } from '../../src/text/tree.ts'

/** A checkout as a tree, read as it lies on the disk. Its blobs have ids of their own, which are not those of git. */
export function diskTree(top: string): Tree {
  const attempt = <T>(read: () => T, otherwise: T): T => {
    try {
      return read()
    } catch {
      return otherwise
    }
  }
  return {
    id: null,
    read: (path) => attempt(() => decodeBytes(readFileSync(join(top, path))).text, null),
    list: (directory) =>
      attempt(() => readdirSync(join(top, directory), { withFileTypes: true }), [])
        .filter(({ name }) => name !== '.git')
        .map((entry) => ({
          name: entry.name,
          kind: entry.isDirectory() ? 'directory' : entry.isSymbolicLink() ? 'symlink' : 'file',
        })),
    blob: (path) =>
      attempt(
        () =>
          createHash('sha1')
            .update(readFileSync(join(top, path)))
            .digest('hex'),
        null,
      ),
    isExecutable: (path) => attempt(() => (statSync(join(top, path)).mode & 0o100) !== 0, false),
    prefetch: () => undefined,
  }
}
