import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import type { ObjectFormat } from './private-repository.ts'

/** Writes an object and gives its id; the same bytes twice are one object. */
export type WriteObject = (type: 'blob' | 'tree' | 'commit', bytes: Uint8Array) => string

/**
 * Writes loose objects below `objects` as git does (gitformat-loose(5)): without starting git, which takes 6 ms each.
 * A file appears under its name only when it is whole.
 */
export function createObjectWriter(objects: string, format: ObjectFormat): WriteObject {
  return (type, bytes) => {
    const whole = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes])
    const id = createHash(format).update(whole).digest('hex')
    const directory = join(objects, id.slice(0, 2))
    const path = join(directory, id.slice(2))
    if (existsSync(path)) return id
    mkdirSync(directory, { recursive: true })
    writeFileSync(`${path}.new`, deflateSync(whole, { level: 1 }), { mode: 0o444 })
    renameSync(`${path}.new`, path)
    return id
  }
}
