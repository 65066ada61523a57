import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, fstatSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gitEnvironment, type Environment } from './environment.ts'

/** All directories of a tree, asked for before anything else is loaded. */
export type ListingAhead = {
  /** The id of the tree. */
  readonly tree: string
  /** What `git ls-tree -r -t -z` printed; null where it failed. May be called once. */
  take(): Promise<Uint8Array | null>
}

/**
 * Starts listing the tree of HEAD while the caller loads what it needs; null where git knows none at the directory. git
 * writes to a file that has no name any more, so that nobody need read while it does.
 */
export function listHeadAhead(directory: string, environment: Environment): ListingAhead | null {
  const options = { cwd: directory, env: gitEnvironment(environment, 'user') }
  const asked = spawnSync('git', ['rev-parse', '--verify', '--quiet', 'HEAD^{tree}'], { ...options, timeout: 5000 })
  if (asked.status !== 0) return null
  const tree = asked.stdout.toString('latin1').trim()
  const file = openNameless()
  if (file === null) return null
  const args = ['ls-tree', '-r', '-t', '-z', '--full-tree', tree]
  const child = spawn('git', args, { ...options, stdio: ['ignore', file, 'ignore'], timeout: 60_000 })
  const ended = once(child, 'exit').then(
    ([status]) => status === 0,
    () => false,
  )
  child.unref()
  return {
    tree,
    take: async () => {
      child.ref()
      const isWhole = await ended
      try {
        return isWhole ? contentOf(file) : null
      } catch {
        return null
      } finally {
        closeSync(file)
      }
    },
  }
}

/** A file that is gone with the last who has it open; null where there is no room for one. */
function openNameless(): number | null {
  const path = join(tmpdir(), `kbuild-review-listing-${process.pid}`)
  try {
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600)
    rmSync(path)
    return file
  } catch {
    return null
  }
}

function contentOf(file: number): Uint8Array {
  const bytes = new Uint8Array(new SharedArrayBuffer(fstatSync(file).size))
  for (let at = 0, read = -1; read !== 0 && at < bytes.length; at += read)
    read = readSync(file, bytes, at, bytes.length - at, at)
  return bytes
}
