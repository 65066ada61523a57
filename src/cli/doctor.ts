import { Command } from 'commander'
import { diagnoseBot } from '../app/bot/diagnose.ts'
import type { Config } from '../app/config.ts'
import type { Diagnosis } from '../app/diagnosis.ts'
import { diagnose } from '../app/doctor.ts'
import { findTree } from '../app/find-tree.ts'
import { openLists, openMailParser, openNetwork, probeMailer } from '../app/wire.ts'
import { cacheDirectory } from './cache.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { configOption, formatOption, treeOption } from './options.ts'
import { readConfig, surroundingsOf, type TreeFlags } from './session.ts'
import type { Terminal } from './terminal.ts'

type DoctorFlags = TreeFlags & { readonly archive: string[]; readonly format: 'text' | 'json' }

/** `doctor`: what works here, and what to do about the rest. */
export function doctorCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  return new Command('doctor')
    .description('say what works here (git, tools, trees, archives, the bot) and what to do about the rest')
    .addOption(treeOption())
    .addOption(configOption())
    .option('--archive <dir...>', 'public-inbox mirrors to look at', [])
    .addOption(formatOption(['text', 'json']))
    .action(async (flags: DoctorFlags) => {
      const here = await diagnose({
        tree: flags.tree ?? findTree(terminal.cwd),
        archives: flags.archive,
        cacheDirectory: cacheDirectory(terminal.env),
        nodeVersion: process.version,
      })
      const diagnoses = [...here, ...(await diagnoseConfiguration(flags, terminal))]
      await terminal.out(
        flags.format === 'json' ? `${JSON.stringify(diagnoses, null, 2)}\n` : diagnoses.map(describe).join(''),
      )
      finish(diagnoses.some(({ state }) => state === 'broken') ? exitCodes.notJudged : exitCodes.clean)
    })
}

/** The configuration that applies, and of a bot what it names: files, lists, the server that takes mails. */
async function diagnoseConfiguration(flags: DoctorFlags, terminal: Terminal): Promise<readonly Diagnosis[]> {
  const what = 'configuration'
  let config: Config
  try {
    config = readConfig(flags, terminal)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return [{ what, state: 'broken', detail: error.message, advice: 'deploy/config.example.yaml explains every key' }]
  }
  const { bot } = config
  if (bot === undefined) return []
  const { signal } = terminal
  const own = surroundingsOf(terminal)
  const surroundings = { ...own, network: await openNetwork(own, { pauseMs: bot.pause, signal }) }
  const parser = openMailParser()
  const lists = openLists(bot.lists, surroundings, parser)
  try {
    return await diagnoseBot(bot, { lists, smtp: (smtp) => probeMailer(smtp, signal) })
  } finally {
    for (const source of lists.values()) await source.close()
    await parser.close()
  }
}

function describe({ what, state, detail, advice }: Diagnosis): string {
  return `${state.padEnd(8)}${what}: ${detail}${advice === '' ? '' : `\n        ${advice}`}\n`
}
