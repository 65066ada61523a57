import { randomBytes } from 'node:crypto'
import { isProcessGone, nameThisProcess, processName } from '../processes/life.ts'

/**
 * A name for a directory or a group that says whose it is, so that what a killed process left can be told from what a living one
 * uses; six random letters at its end.
 */
export function newOwnName(): string {
  return `kbuild-review-sandbox-${nameThisProcess()}-${randomBytes(3).toString('hex')}`
}

const ownName = new RegExp(String.raw`^kbuild-review-sandbox-(${processName})-\w{6}$`)

/** Whether a name is one that `newOwnName` gave to a process of this namespace that is gone. */
export function isLeftBehind(name: string): boolean {
  const owner = ownName.exec(name)?.[1]
  return owner !== undefined && isProcessGone(owner)
}

/** Whether a name is one of a process of another namespace: of that nobody here can tell whether it lives. */
export function isElsewhere(name: string): boolean {
  const owner = ownName.exec(name)?.[1]
  return owner !== undefined && owner.split('-')[2] !== nameThisProcess().split('-')[2]
}
