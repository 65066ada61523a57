import { readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAbandoned, keepFresh } from './own-marks.ts'
import { newOwnName } from './own-names.ts'

/** How often a process that waits for another looks again (milliseconds). */
const pollMs = 100

export type LockOptions = {
  readonly signal?: AbortSignal
  /** Called once where somebody else holds the lock. */
  readonly onWait?: () => void
}

/**
 * Waits until nobody else holds a lock, takes it, and gives what lets it go: a link that names its owner is made by one process alone, and by the next
 * one when that is gone.
 */
export async function lock(
  path: string,
  clock: () => number,
  { signal, onWait }: LockOptions = {},
): Promise<() => void> {
  const owner = newOwnName()
  let hasWaited = false
  for (;;) {
    signal?.throwIfAborted()
    if (take(path, owner)) return holding(path, owner, clock)
    if (isAbandoned(path, ownerOf(path), clock)) {
      rmSync(path, { force: true })
      continue
    }
    if (!hasWaited) onWait?.()
    hasWaited = true
    await sleep(pollMs, undefined, signal === undefined ? {} : { signal })
  }
}

function take(path: string, owner: string): boolean {
  try {
    symlinkSync(owner, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function holding(path: string, owner: string, clock: () => number): () => void {
  const stop = keepFresh(path, clock)
  return () => {
    stop()
    if (ownerOf(path) === owner) rmSync(path, { force: true })
  }
}

/** Who holds a lock; empty where nobody does. */
export function ownerOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
