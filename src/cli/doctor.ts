import { Command } from 'commander'
import type { Diagnosis } from '../app/diagnosis.ts'
import { diagnose, findTree } from '../app/doctor.ts'
import { cacheDirectory } from './cache.ts'
import { exitCodes, type ExitCode } from './exit.ts'
import { formatOption, treeOption } from './options.ts'
import type { Terminal } from './terminal.ts'

type DoctorFlags = { readonly tree?: string; readonly archive: string[]; readonly format: 'text' | 'json' }

/** `doctor`: what works here, and what to do about the rest. */
export function doctorCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  return new Command('doctor')
    .description('say what works here (git, tools, trees, archives) and what to do about the rest')
    .addOption(treeOption())
    .option('--archive <dir...>', 'public-inbox mirrors to look at', [])
    .addOption(formatOption(['text', 'json']))
    .action(async (flags: DoctorFlags) => {
      const diagnoses = await diagnose({
        tree: flags.tree ?? findTree(terminal.cwd),
        archives: flags.archive,
        cacheDirectory: cacheDirectory(terminal.env),
        nodeVersion: process.version,
      })
      await terminal.out(
        flags.format === 'json' ? `${JSON.stringify(diagnoses, null, 2)}\n` : diagnoses.map(describe).join(''),
      )
      finish(diagnoses.some(({ state }) => state === 'broken') ? exitCodes.notJudged : exitCodes.clean)
    })
}

function describe({ what, state, detail, advice }: Diagnosis): string {
  return `${state.padEnd(8)}${what}: ${detail}${advice === '' ? '' : `\n        ${advice}`}\n`
}
