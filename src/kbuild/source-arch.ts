import { listOnce } from '../text/list-once.ts'
import type { Tree } from '../text/tree.ts'

/** Names of `ARCH` that share the directory of another (the top Makefile, "Additional ARCH settings for x86" and what follows). */
const sharedDirectories: ReadonlyMap<string, string> = new Map([
  ['i386', 'x86'],
  ['x86_64', 'x86'],
  ['sparc32', 'sparc'],
  ['sparc64', 'sparc'],
  ['parisc64', 'parisc'],
])

/** The architecture that is asked where it does not matter which: the one that most people build. */
export const usualArch = 'x86_64'

/** `SRCARCH` of an `ARCH`: the directory below arch/. */
export function sourceArch(tree: Tree, arch: string): string {
  const hasOwn = listOnce(tree)('arch').some(({ name }) => name === arch)
  return hasOwn ? arch : (sharedDirectories.get(arch) ?? arch)
}

/** The `ARCH` that a path is built for: that of its directory below arch/, else the usual one. */
export function archOf(path: string): string {
  const directory = /^arch\/([^/]+)\//.exec(path)?.[1]
  return directory === undefined || directory === 'x86' ? usualArch : directory
}
