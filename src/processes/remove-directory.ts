import { rmSync } from 'node:fs'

/** How often a directory is tried again, and what longer to wait each time (milliseconds): two seconds in all. */
const retries = { maxRetries: 8, retryDelay: 50 }

/**
 * Removes what is at a path and all below it, where there is something. A process that was told to end may still write there, and a
 * directory that gets a file while it is emptied cannot be removed (rmdir(2), ENOTEMPTY): then it is tried again. Throws where that does
 * not help.
 */
export function removeDirectory(path: string): void {
  rmSync(path, { recursive: true, force: true, ...retries })
}
