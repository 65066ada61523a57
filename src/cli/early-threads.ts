import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { startLintThreads, type EarlyLint } from '../app/start-lint-threads.ts'
import { listHeadAhead } from '../git/listing-ahead.ts'

/**
 * What a lint needs and can be started while the command itself is still being loaded, where its arguments look as if all of a kernel were
 * meant; null elsewhere. It is taken up by `lintKernel`, or ends with the process: a wrong guess costs the time of a processor that had
 * nothing to do.
 */
export function startEarly(args: readonly string[], { cwd, env }: StartOptions): EarlyLint | null {
  const at = args.indexOf('--tree')
  const given = at === -1 ? args.find((arg) => arg.startsWith('--tree='))?.slice('--tree='.length) : args[at + 1]
  const tree = resolve(cwd, given ?? '.')
  const isKernel = existsSync(join(tree, 'init', 'Kconfig')) && existsSync(join(tree, 'drivers', 'Makefile'))
  const others = args.filter((_, index) => index > 0 && (at === -1 || index !== at + 1))
  const isPart = others.some((arg) => ['--stdin', '--help', '-h'].includes(arg) || namesPart(arg, tree))
  if (!isKernel || isPart || availableParallelism() < 2) return null
  return { workers: startLintThreads(), listing: listHeadAhead(tree, env) }
}

type StartOptions = { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> }

/** Whether an argument is a file or directory of the tree: it is then what to lint, rather than what an option wants. */
function namesPart(arg: string, tree: string): boolean {
  return !arg.startsWith('-') && resolve(tree, arg) !== tree && existsSync(resolve(tree, arg))
}
