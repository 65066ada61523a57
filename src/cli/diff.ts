import { Command } from 'commander'
import { diffRevisions, type RevisionDiff } from '../app/diff-revisions.ts'
import type { ChangesFor } from '../review/changes.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { configOption, formatOption, treeOption } from './options.ts'
import { openSession, type TreeFlags } from './session.ts'
import type { Terminal } from './terminal.ts'

type DiffFlags = TreeFlags & {
  readonly arch: readonly string[]
  readonly order: boolean
  readonly format: 'text' | 'json'
}

const usualArchs: readonly string[] = ['x86_64']

/** `diff`: what two revisions build differently. */
export function diffCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  return new Command('diff')
    .description(
      'say what changes in the build between two commits: objects, conditions, modules, flags, rules, symbols',
    )
    .argument('<A..B>', 'two commits')
    .addOption(treeOption())
    .addOption(configOption())
    .option('--arch <arch>', 'an architecture, as ARCH= of make, or `all`; may be given again', collect, usualArchs)
    .option('--order', 'tell also of built-in objects that are linked in another order', false)
    .addOption(formatOption(['text', 'json']))
    .action(async (range: string, flags: DiffFlags) => {
      finish(await diff(range, flags, terminal))
    })
}

/** The first `--arch` takes the place of the usual one. */
function collect(arch: string, known: readonly string[]): readonly string[] {
  return known === usualArchs ? [arch] : [...known, arch]
}

async function diff(range: string, flags: DiffFlags, terminal: Terminal): Promise<ExitCode> {
  const [, from = '', to = ''] = /^(.+?)\.\.(.*)$/.exec(range) ?? []
  if (from === '') throw new UsageError(`\`${range}\` is not A..B`)
  const session = await openSession(flags, terminal)
  try {
    terminal.progress.update('reading the makefiles')
    const { repository, models } = session
    const revisions = { from, to: to === '' ? 'HEAD' : to }
    const result = await diffRevisions(repository, revisions, { archs: flags.arch, models })
    terminal.progress.clear()
    if (result.kind === 'none') throw new UsageError(`the tree has no revision \`${result.revision}\``)
    await terminal.out(flags.format === 'json' ? toJson(result) : toText(result, flags))
    return exitCodes.clean
  } finally {
    await session.close()
  }
}

type Diff = Extract<RevisionDiff, { kind: 'diff' }>

function toText({ archs, changes, order }: Diff, flags: DiffFlags): string {
  const lines = marked(archs, flags.order ? [...changes, ...order] : changes)
  return lines.length === 0 ? `no change of what is built for ${archs.join(', ')}\n` : `${lines.join('\n')}\n`
}

/** `changes` are the lines of the text; `byArch` and `order` tell which architectures they are about. */
function toJson({ archs, changes, order, files }: Diff): string {
  const lines = marked(archs, changes)
  const report = { schema: 1, arch: archs.join(' '), files: files.length, changes: lines, byArch: changes, order }
  return `${JSON.stringify(report)}\n`
}

/** Lines that hold for all architectures as they are, the others with those for which they do. */
function marked(archs: readonly string[], changes: readonly ChangesFor[]): readonly string[] {
  const common = changes.filter((each) => each.archs.length === archs.length)
  const single = changes.filter((each) => each.archs.length < archs.length)
  return [
    ...common.flatMap(({ lines }) => lines),
    ...single.flatMap((each) => each.lines.map((line) => `${line} [${each.archs.join(', ')}]`)),
  ]
}
