import { Command } from 'commander'
import { diffRevisions } from '../app/diff-revisions.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { configOption, formatOption, treeOption } from './options.ts'
import { openSession, type TreeFlags } from './session.ts'
import type { Terminal } from './terminal.ts'

type DiffFlags = TreeFlags & { readonly arch: string; readonly format: 'text' | 'json' }

/** `diff`: what two revisions build differently. */
export function diffCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  return new Command('diff')
    .description('say what changes in the build between two commits: objects, conditions, modules, flags, symbols')
    .argument('<A..B>', 'two commits')
    .addOption(treeOption())
    .addOption(configOption())
    .option('--arch <arch>', 'the architecture, as ARCH= of make', 'x86_64')
    .addOption(formatOption(['text', 'json']))
    .action(async (range: string, flags: DiffFlags) => {
      finish(await diff(range, flags, terminal))
    })
}

async function diff(range: string, flags: DiffFlags, terminal: Terminal): Promise<ExitCode> {
  const [, from = '', to = ''] = /^(.+?)\.\.(.*)$/.exec(range) ?? []
  if (from === '') throw new UsageError(`\`${range}\` is not A..B`)
  const session = await openSession(flags, terminal)
  try {
    terminal.progress.update('reading the makefiles')
    const { repository, models } = session
    const result = await diffRevisions(repository, { from, to: to === '' ? 'HEAD' : to }, { arch: flags.arch, models })
    terminal.progress.clear()
    if (result.kind === 'none') throw new UsageError(`the tree has no revision \`${result.revision}\``)
    const { lines, files } = result
    const text = lines.length === 0 ? `no change of what is built for ${flags.arch}\n` : `${lines.join('\n')}\n`
    const json = `${JSON.stringify({ schema: 1, arch: flags.arch, files: files.length, changes: lines })}\n`
    await terminal.out(flags.format === 'json' ? json : text)
    return exitCodes.clean
  } finally {
    await session.close()
  }
}
