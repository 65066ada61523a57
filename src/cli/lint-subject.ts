import { Option, type Command } from 'commander'
import { isAbsolute, relative } from 'node:path'
import { realpathSync } from 'node:fs'
import { findTree } from '../app/find-tree.ts'
import { editTree } from '../app/edited-tree.ts'
import { openTree } from '../git/repository.ts'
import { isKconfig, isMakefile } from '../review/world.ts'
import { UsageError } from './exit.ts'
import type { Session, TreeFlags } from './session.ts'
import type { Terminal } from './terminal.ts'
import { toTreePath } from './tree-path.ts'

export type SubjectFlags = TreeFlags & {
  readonly revision: string
  readonly stdin?: true
  readonly path?: string
  readonly resident?: true
}

/** What a lint is about: files and directories of a tree, which a revision or an id names. */
export type LintSubject = { readonly revision: string; readonly paths: readonly string[] }

/** `--stdin` and `--path P`. */
export function withSubjectOptions(command: Command): Command {
  return command
    .option('--stdin', 'judge standard input as if the tree had it at --path, as an editor does on save')
    .addOption(new Option('--path <path>', 'what standard input is: a path in the tree, or below the checkout'))
    .option('--resident', 'with --stdin: let a process that stays in memory answer, started where there is none')
}

type SubjectContext = {
  readonly session: Session
  readonly terminal: Terminal
  /** All of standard input. */
  readonly input: () => Promise<Uint8Array>
}

/** What the arguments name; throws `UsageError` where they contradict each other, or the path is of no build file. */
export async function lintSubject(
  paths: readonly string[],
  flags: SubjectFlags,
  { session, terminal, input }: SubjectContext,
): Promise<LintSubject> {
  if ((flags.stdin === true) !== (flags.path !== undefined)) throw new UsageError('--stdin and --path go together')
  if (flags.resident === true && flags.stdin !== true) throw new UsageError('--resident goes with --stdin')
  if (flags.path === undefined)
    return { revision: flags.revision, paths: paths.length === 0 ? [''] : paths.map(toTreePath) }
  if (paths.length > 0) throw new UsageError('--stdin judges one file, that of --path')
  const path = toTreePath(isAbsolute(flags.path) ? belowCheckout(flags.path, flags, terminal) : flags.path)
  if (!isMakefile(path) && !isKconfig(path))
    throw new UsageError(`\`${flags.path}\` is no makefile or Kconfig file of a tree`)
  const tree = await openTree(session.repository, flags.revision)
  if (tree === null) throw new UsageError(`the tree has no revision \`${flags.revision}\``)
  const edited = editTree(session.repository, tree, new Map([[path, await input()]]))
  if (edited === null) throw new UsageError(`--path: \`${flags.path}\` cannot be a file of the tree`)
  if (edited !== tree) session.facts.relate(tree, edited, [path])
  return { revision: edited.id, paths: [path] }
}

/** Editors name files by their place on the disk. */
function belowCheckout(path: string, { tree }: TreeFlags, { cwd }: Terminal): string {
  const top = findTree(tree ?? cwd)
  const below = top === null ? '..' : relative(realpathSync(top), path)
  if (below.startsWith('..') || isAbsolute(below)) throw new UsageError(`--path: \`${path}\` is not below the checkout`)
  return below
}
