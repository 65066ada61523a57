import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { backtest, type BacktestLine } from '../app/backtest.ts'
import { readJudgedPatches } from '../app/judged-table.ts'
import { openRunLog, RunLogError } from '../app/run-log.ts'
import { openArchive, openMailParser } from '../app/wire.ts'
import { resolveCommit } from '../git/repository.ts'
import type { Placed } from '../review/finding.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { requireMeasureFlags, withMeasureOptions, writePrecision, type MeasureFlags } from './measure.ts'
import { configOption, parseTime, treeOption } from './options.ts'
import { openSession, type Session, type TreeFlags } from './session.ts'
import type { Terminal } from './terminal.ts'

type BacktestFlags = TreeFlags &
  MeasureFlags & {
    readonly archive: readonly string[]
    readonly since?: number
    readonly until?: number
    readonly out: string
  }

/** `backtest`: replays archives against a tree. */
export function backtestCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const command = new Command('backtest')
    .description(
      'replay the patches of list archives against a tree, a line of JSON a patch; goes on where it was cut off',
    )
    .requiredOption('--archive <dir...>', 'public-inbox mirrors')
    .addOption(treeOption())
    .addOption(configOption())
    .addOption(new Option('--since <date>', 'mails posted from then on').argParser(parseTime))
    .addOption(new Option('--until <date>', 'mails posted before then').argParser(parseTime))
    .requiredOption('--out <file>', 'where the lines go')
  return withMeasureOptions(
    command,
    'window, series, patch, path, line, rule, key, verdict, raised by, hours later, why',
  ).action(async (flags: BacktestFlags) => {
    finish(await run(flags, terminal))
  })
}

async function run(flags: BacktestFlags, terminal: Terminal): Promise<ExitCode> {
  requireMeasureFlags(flags)
  // What is measured is every rule: one that may not speak could earn it.
  const session = await openSession({ ...flags, preview: true }, terminal)
  try {
    return await replay(flags, session, terminal)
  } catch (error) {
    if (error instanceof RunLogError) throw new UsageError(error.message, { cause: error })
    throw error
  } finally {
    await session.close()
  }
}

async function replay(flags: BacktestFlags, session: Session, terminal: Terminal): Promise<ExitCode> {
  const { since, until, archive } = flags
  const head = await resolveCommit(session.repository, 'HEAD')
  if (head === null) throw new UsageError('the tree has no commit')
  const parser = openMailParser()
  const sources = await Promise.all(
    archive.map((directory) => openArchive(directory, session.surroundings, { parser })),
  )
  const log = openRunLog({
    path: flags.out,
    run: { archive, head, since, until, rules: session.rules.map(({ id }) => id) },
    idOf: messageIdOf,
  })
  try {
    const { patches, judged, refused } = await backtest({
      sources,
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
      judging: { ...session, base: {}, signal: terminal.signal },
      log,
      onProgress: (what, done, total) => terminal.progress.update(`${what}: ${done}/${total}`),
    })
    terminal.progress.clear()
    for (const reason of refused) terminal.note(reason)
    terminal.note(`${patches} patches, ${judged} judged now, in \`${flags.out}\``)
    const measured = writePrecision(flags, {
      findings: findingsIn(flags.out),
      tree: head,
      judged: patches,
      readTable: readJudgedPatches,
      nameOf: ({ rule, key }) => `${rule} ${key}`,
    })
    if (measured !== null) terminal.note(measured)
    return exitCodes.clean
  } finally {
    log.close()
    await Promise.all(sources.map((source) => source.close()))
    await parser.close()
  }
}

/** The findings of all lines of a run's file. */
function findingsIn(path: string): readonly Placed[] {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  // our own lines, written and read back by this command
  return lines.flatMap((line) => (JSON.parse(line) as BacktestLine).findings)
}

function messageIdOf(line: unknown): string | null {
  return typeof line === 'object' && line !== null && 'messageId' in line && typeof line.messageId === 'string'
    ? line.messageId
    : null
}
