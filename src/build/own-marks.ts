import { lstatSync, lutimesSync } from 'node:fs'
import { isElsewhere, isLeftBehind } from './own-names.ts'

/** How often whoever holds a lock or uses an entry shows that it lives (milliseconds). */
const freshMs = 10_000

/** Who did not show that for so long is taken for gone (milliseconds). */
const staleMs = 60_000

/** Sets the times of a file or link of ours again and again, until what it gives is called. It keeps no process alive. */
export function keepFresh(path: string, clock: () => number): () => void {
  refresh(path, clock)
  const timer = setInterval(() => {
    refresh(path, clock)
  }, freshMs)
  timer.unref()
  return () => {
    clearInterval(timer)
  }
}

function refresh(path: string, clock: () => number): void {
  const now = new Date(clock())
  try {
    lutimesSync(path, now, now)
  } catch {
    // Taken away by somebody who thought that we were gone: what is then done twice is done well.
  }
}

/**
 * Whether the process that a file or link names is gone: known of one of this namespace; one of another (a container over the same cache) is taken for
 * gone when it has not shown for a minute that it lives.
 */
export function isAbandoned(path: string, owner: string, clock: () => number): boolean {
  if (isLeftBehind(owner)) return true
  if (!isElsewhere(owner)) return false
  const status = lstatSync(path, { throwIfNoEntry: false })
  return status !== undefined && clock() - status.mtimeMs > staleMs
}
