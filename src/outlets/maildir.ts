import { createHash } from 'node:crypto'
import { link, mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Publisher } from '../ports.ts'
import type { Reply } from '../review/reply.ts'

/**
 * A publisher that delivers into a maildir, as https://cr.yp.to/proto/maildir.html asks: written to tmp/, synced, then
 * linked to new/, so that a reader never sees half a mail. The name is made from the reply's key; a mail of that name
 * in new/ or, with flags, in cur/ is the same publication. `compose` gives the bytes of the mail.
 */
export function createMaildir(directory: string, compose: (reply: Reply) => Uint8Array): Publisher {
  const folder = (name: 'tmp' | 'new' | 'cur'): string => join(directory, name)
  return {
    async publish(reply) {
      for (const name of ['tmp', 'new', 'cur'] as const) await mkdir(folder(name), { recursive: true })
      const name = nameOf(reply)
      const read = (await readdir(folder('cur'))).find((entry) => entry === name || entry.startsWith(`${name}:`))
      if (read !== undefined) return { kind: 'already', where: join(folder('cur'), read) }
      const where = join(folder('new'), name)
      const temporary = await writeTemporary(join(folder('tmp'), name), compose(reply))
      try {
        await link(temporary, where)
        await syncDirectory(folder('new'))
        return { kind: 'published', where }
      } catch (error) {
        if (isExisting(error)) return { kind: 'already', where }
        throw error
      } finally {
        await rm(temporary, { force: true })
      }
    },
  }
}

/** A file name that no key can lead astray, the same for the same key for ever. */
function nameOf({ key }: Reply): string {
  const plain = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(key)
  return `${plain ? key : createHash('sha256').update(key).digest('hex')}.kbuild-review`
}

/** Writes and syncs a file of a name that nobody else writes to; its path. */
async function writeTemporary(prefix: string, bytes: Uint8Array): Promise<string> {
  const { path, file } = await openFresh(`${prefix}.${process.pid}`)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  return path
}

async function openFresh(prefix: string): Promise<{ readonly path: string; readonly file: FileHandle }> {
  for (let number = 0; ; number++) {
    const path = `${prefix}.${number}`
    try {
      return { path, file: await open(path, 'wx', 0o600) }
    } catch (error) {
      if (!isExisting(error)) throw error
    }
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}

/** Makes a new name in a directory last through a power cut. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
