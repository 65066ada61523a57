import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { startLintThreads } from '../app/start-lint-threads.ts'

/**
 * The threads of a lint, started while the command itself is still being loaded, where its arguments look as if all of a kernel were meant; none
 * elsewhere. They are taken up by `lintKernel`, or end with the process: a wrong guess costs the time of a processor that had nothing to do.
 */
export function startEarly(args: readonly string[], cwd: string): readonly Worker[] {
  const at = args.indexOf('--tree')
  const given = at === -1 ? args.find((arg) => arg.startsWith('--tree='))?.slice('--tree='.length) : args[at + 1]
  const tree = resolve(cwd, given ?? '.')
  const isKernel = existsSync(join(tree, 'init', 'Kconfig')) && existsSync(join(tree, 'drivers', 'Makefile'))
  const others = args.filter((_, index) => index > 0 && (at === -1 || index !== at + 1))
  const isPart = others.some((arg) => ['--stdin', '--help', '-h'].includes(arg) || namesPart(arg, tree))
  return isKernel && !isPart && availableParallelism() > 1 ? startLintThreads() : []
}

/** Whether an argument is a file or directory of the tree: it is then what to lint, rather than what an option wants. */
function namesPart(arg: string, tree: string): boolean {
  return !arg.startsWith('-') && resolve(tree, arg) !== tree && existsSync(resolve(tree, arg))
}
