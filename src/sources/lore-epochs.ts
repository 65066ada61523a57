import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'

/** An epoch of a public-inbox v2 mirror: its number and its git directory. */
export type Epoch = { readonly epoch: number; readonly repository: string }

/** The directory is no list archive, or cannot be read. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError'
  readonly code = 'no-archive'
}

/**
 * The epochs of a mirror, oldest first. Taken are `DIR/git/N.git` (what public-inbox-clone and grokmirror make), `DIR/N.git`,
 * and a bare repository of one epoch, whose number is in its name or 0.
 */
export async function findEpochs(directory: string): Promise<readonly Epoch[]> {
  const top = resolve(directory)
  for (const below of [join(top, 'git'), top]) {
    const found = (await namesIn(below)).flatMap((name) => {
      const number = /^(\d{1,6})\.git$/.exec(name)?.[1]
      return number === undefined ? [] : [{ epoch: Number(number), repository: join(below, name) }]
    })
    if (found.length > 0) return found.sort((a, b) => a.epoch - b.epoch)
  }
  if (await isRepository(top))
    return [{ epoch: Number(/^(\d{1,6})\.git$/.exec(basename(top))?.[1] ?? 0), repository: top }]
  throw new ArchiveError(`\`${directory}\` is no public-inbox mirror: neither git/0.git nor 0.git is in it`)
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory)
  } catch {
    return []
  }
}

async function isRepository(directory: string): Promise<boolean> {
  try {
    const objects = await stat(join(directory, 'objects'))
    const head = await stat(join(directory, 'HEAD'))
    return objects.isDirectory() && head.isFile()
  } catch {
    return false
  }
}
