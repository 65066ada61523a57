import { lstatSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { removeDirectory } from '../processes/remove-directory.ts'
import { isProcessGone, nameThisProcess, processName } from '../processes/life.ts'

/** A directory of our own that is gone after `close()`, or swept by the next process that opens one. */
export type Scratch = {
  readonly path: string
  close(): void
}

/**
 * Makes a directory below `parent` that only we can read. Its name says whose it is, so that what a killed process left
 * can be told from what a living one uses.
 */
export function openScratch(parent: string): Scratch {
  mkdirSync(parent, { recursive: true })
  sweep(parent)
  const path = mkdtempSync(join(parent, `kbuild-review-${nameThisProcess()}-`))
  return { path, close: () => removeDirectory(path) }
}

const ownName = new RegExp(String.raw`^kbuild-review-(${processName})-\w{6}$`)

/** Removes the directories of processes that are gone. Others' directories, and those of other containers, stay. */
function sweep(parent: string): void {
  for (const name of readdirSync(parent)) {
    const owner = ownName.exec(name)?.[1]
    if (owner === undefined || !isProcessGone(owner)) continue
    const path = join(parent, name)
    if (!isOwnDirectory(path)) continue
    removeDirectory(path)
  }
}

function isOwnDirectory(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  return stat?.isDirectory() === true && stat.uid === process.getuid?.()
}
