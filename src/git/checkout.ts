import { hash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { ObjectFormat } from './private-repository.ts'

/** The files of a user's checkout, for what is asked of the trees of its repository. */
export type Checkout = {
  /**
   * The bytes of a blob, where the file at the path has them: a name of git says what it names, so that neither the index nor a time stamp
   * needs to be believed. Null where the file is another one, or over the limit. They are overwritten by the next question.
   */
  blob(path: string, id: string): Uint8Array | null
  /** Whether what is asked for will as a rule be here: until too many files were others. */
  isTrusted(): boolean
  /** Has the system read files from the disk that others will ask for soon; ends at once where most are in memory already. */
  readAhead(paths: readonly string[], signal: AbortSignal): Promise<void>
}

/** Files that may turn out to be others before no more are looked at, and again for so many that were right. */
const trust = { misses: 32, hitsForEach: 16 }

/** Files that are looked at to see where they are, and what reading one takes at most that is in memory (milliseconds): 9 µs and 90 from a disk. */
const sample = { files: 32, warmMs: 0.04 }

/** Files read between two looks at what else there is to do. */
const filesAtOnce = 16

/** Room before the content for what git hashes with it (gitformat-pack(5); git's object-file.c `format_object_header()`). */
const headRoom = 32

/**
 * A checkout of which little need be true: its files may be changed, missing, or those of another revision. git reads from its own
 * checkout as well where that has the blob (diff.c `reuse_worktree_file()`): 9 µs for a makefile instead of 100 for an object of a pack.
 */
export function openCheckout(directory: string, { format, maxBytes }: CheckoutOptions): Checkout {
  let buffer = Buffer.allocUnsafe(256 * 1024)
  let misses = 0
  let hits = 0

  const content = (path: string): Uint8Array | null => {
    const descriptor = leavesDirectory(path) ? null : openFile(join(directory, path))
    if (descriptor === null) return null
    try {
      const stat = fstatSync(descriptor)
      if (!stat.isFile() || stat.size > maxBytes) return null
      if (headRoom + stat.size > buffer.length) buffer = Buffer.allocUnsafe(2 * (headRoom + stat.size))
      const length = readSync(descriptor, buffer, headRoom, stat.size, 0)
      return buffer.subarray(headRoom, headRoom + length)
    } catch {
      return null
    } finally {
      closeSync(descriptor)
    }
  }

  const nameOf = (bytes: Uint8Array): string => {
    const head = `blob ${bytes.length}\0`
    buffer.write(head, headRoom - head.length, 'latin1')
    return hash(format, buffer.subarray(headRoom - head.length, headRoom + bytes.length))
  }

  const isTrusted = (): boolean => misses < trust.misses + hits / trust.hitsForEach

  const readAhead = async (paths: readonly string[], signal: AbortSignal): Promise<void> => {
    const started = performance.now()
    const every = Math.ceil(paths.length / sample.files)
    for (let at = 0; at < paths.length; at += every) content(paths[at] ?? '')
    if (performance.now() - started < sample.files * sample.warmMs) return
    for (let at = 0; at < paths.length && !signal.aborted; at += filesAtOnce) {
      for (const path of paths.slice(at, at + filesAtOnce)) content(path)
      await setImmediate()
    }
  }

  return {
    readAhead,
    isTrusted,
    blob: (path, id) => {
      if (!isTrusted()) return null
      const bytes = content(path)
      const isIt = bytes !== null && nameOf(bytes) === id
      if (isIt) hits += 1
      else misses += 1
      return isIt ? bytes : null
    },
  }
}

type CheckoutOptions = {
  readonly format: ObjectFormat
  /** A larger file is not read. */
  readonly maxBytes: number
}

/** A tree that was made to deceive can have an entry of this name. */
function leavesDirectory(path: string): boolean {
  return path.includes('..') && path.split('/').includes('..')
}

/** Neither follows a link in place of the file nor waits for who writes to a pipe; null where it cannot be opened. */
function openFile(path: string): number | null {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return null
  }
}
