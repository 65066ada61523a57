import { rmSync } from 'node:fs'

/**
 * How a directory is removed in which others may write, for node:fs `rm()`. A process that was told to end may still write there, and a
 * directory that gets a file while it is emptied cannot be removed (rmdir(2), ENOTEMPTY): then it is tried again, for two seconds in all, each
 * time 50 ms later.
 */
export const removal = { recursive: true, force: true, maxRetries: 8, retryDelay: 50 } as const

/** Removes what is at a path and all below it, where there is something, as `removal` says. Throws where that does not help. */
export function removeDirectory(path: string): void {
  rmSync(path, removal)
}
