import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { modelRevision } from '../app/kernel-model.ts'
import { builtObjects } from '../kbuild/built-objects.ts'
import { directoryRecords } from '../kbuild/directory-record.ts'
import type { KernelModel } from '../kbuild/kernel-model.ts'
import { objectLines, printObjectLines } from '../kbuild/print-objects.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { configOption, formatOption, treeOption } from './options.ts'
import { openSession, type TreeFlags } from './session.ts'
import type { Terminal } from './terminal.ts'
import { toTreePath } from './tree-path.ts'

type ObjectsFlags = TreeFlags & {
  readonly revision: string
  readonly arch: string
  readonly kconfig?: string
  readonly format: 'text' | 'json'
}

/** `objects`: what is built from what, and when. */
export function objectsCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  return new Command('objects')
    .description('list what is built, under which condition, where it lands and which line says so')
    .argument('[path...]', 'directories, objects or sources of the tree (default: all of it)')
    .addOption(treeOption())
    .addOption(configOption())
    .option('--revision <rev>', 'the commit to look at', 'HEAD')
    .option('--arch <arch>', 'the architecture, as ARCH= of make', 'x86_64')
    .option('--kconfig <file>', 'a .config of the kernel: only what it builds')
    .addOption(formatOption(['text', 'json']))
    .action(async (paths: string[], flags: ObjectsFlags) => {
      finish(await listObjects(paths, flags, terminal))
    })
}

async function listObjects(paths: readonly string[], flags: ObjectsFlags, terminal: Terminal): Promise<ExitCode> {
  const session = await openSession(flags, terminal)
  try {
    terminal.progress.update('reading the makefiles')
    const model = await modelRevision({
      repository: session.repository,
      revision: flags.revision,
      arch: flags.arch,
      configuration: flags.kconfig === undefined ? null : readKconfig(resolve(terminal.cwd, flags.kconfig)),
      models: session.models,
    })
    terminal.progress.clear()
    if (model === null) throw new UsageError(`the tree has no revision \`${flags.revision}\``)
    if (model.directories.size === 0) throw new UsageError(`\`${flags.revision}\` has no Kbuild or Makefile at its top`)
    const wanted = paths.map(toTreePath)
    const text =
      flags.kconfig !== undefined && flags.format === 'json' ? records(model, wanted) : listing(model, wanted, flags)
    if (text === '' && paths.length > 0)
      terminal.note(`nothing at or below ${paths.join(', ')} is built for ${flags.arch}`)
    noteUnknown(model, wanted, terminal)
    await terminal.out(text)
    return exitCodes.clean
  } finally {
    await session.close()
  }
}

/** Lists of objects that the listing cannot know in full: it says so instead of leaving them out silently. */
function noteUnknown(model: KernelModel, wanted: readonly string[], terminal: Terminal): void {
  for (const { path, makefile, lists } of model.directories.values()) {
    if (wanted.length > 0 && !wanted.some((each) => isBelow(path, each))) continue
    const doubts = lists.unknown.filter(({ list }) => /^(?:obj|lib)-[ym]$/.test(list))
    for (const text of new Set(doubts.map(({ list, unknown }) => `${list}: \`${unknown.key}\`: ${unknown.reason}`))) {
      terminal.note(`${makefile}: not all is known of ${text}`)
    }
  }
}

function readKconfig(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`cannot read \`${path}\`: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** A directory a line, in the words of scripts/Makefile.lib. */
function records(model: KernelModel, wanted: readonly string[]): string {
  return directoryRecords(model)
    .filter(({ dir }) => wanted.length === 0 || wanted.some((path) => isBelow(dir, path)))
    .map((record) => `${JSON.stringify(record)}\n`)
    .join('')
}

/** An object a line. */
function listing(model: KernelModel, wanted: readonly string[], { format }: ObjectsFlags): string {
  const objects = [...builtObjects(model)]
    .filter(([path]) => wanted.length === 0 || wanted.some((each) => isWanted(path, each)))
    .map(([, places]) => places)
  const lines = objectLines(model, objects)
  return format === 'text' ? printObjectLines(lines) : lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

function isBelow(path: string, directory: string): boolean {
  return directory === '' || path === directory || path.startsWith(`${directory}/`)
}

/** Whether an object is at or below a path; a source stands for its object. */
function isWanted(object: string, wanted: string): boolean {
  return isBelow(object, wanted) || object === wanted.replace(/\.(c|S|rs)$/, '.o')
}
