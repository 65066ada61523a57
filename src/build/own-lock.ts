import { readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isLeftBehind, newOwnName } from './own-names.ts'

/** How often a process that waits for another looks again (milliseconds). */
const pollMs = 100

/**
 * Waits until nobody else holds a lock, takes it, and gives what lets it go: a link that names its owner is made by one process alone, and by the next
 * one when that is gone.
 */
export async function lock(path: string, signal: AbortSignal | undefined): Promise<() => void> {
  const owner = newOwnName()
  for (;;) {
    signal?.throwIfAborted()
    try {
      symlinkSync(owner, path)
      return () => {
        if (ownerOf(path) === owner) rmSync(path, { force: true })
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    if (isLeftBehind(ownerOf(path))) rmSync(path, { force: true })
    else await sleep(pollMs, undefined, signal === undefined ? {} : { signal })
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
