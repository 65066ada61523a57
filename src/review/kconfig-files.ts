import { plainSources } from '../kconfig/files.ts'
import type { KconfigView, TreeContext } from './rule.ts'

/**
 * The Kconfig files of a tree that its root, or that of an architecture, reads, and those under review: all architectures together,
 * each file once. A `source` whose path holds a macro is not followed, but for that of `arch/$(SRCARCH)/Kconfig`.
 */
export function* kconfigFiles({ tree, kconfig, kconfigs }: TreeContext): Generator<KconfigView> {
  const roots = tree.list('arch').map(({ name }) => `arch/${name}/Kconfig`)
  const waiting = ['Kconfig', ...roots, ...kconfigs.map(({ path }) => path)]
  const seen = new Set<string>()
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = seen.has(path) ? null : kconfig(path)
    seen.add(path)
    if (file === null) continue
    waiting.push(...plainSources(file.syntax))
    yield file
  }
}

/** Whether two files may be read in the same configuration: there is one architecture at a time. */
export function canMeet(one: string, other: string): boolean {
  const [left, right] = [architectureOf(one), architectureOf(other)]
  return left === null || right === null || left === right
}

function architectureOf(path: string): string | null {
  return /^arch\/([^/]+)\//.exec(path)?.[1] ?? null
}

/** Whether a file is one of the kernel's: those in scripts/kconfig/tests are what conf is tested with, wrong on purpose. */
export function isKernelKconfig({ path }: KconfigView): boolean {
  return !path.startsWith('scripts/kconfig/tests/')
}
