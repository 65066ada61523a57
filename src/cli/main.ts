import { Command, CommanderError } from 'commander'
import { packageVersion } from '../app/package.ts'
import { backtestCommand } from './backtest.ts'
import { ArchiveError } from '../sources/lore-epochs.ts'
import { MailboxError } from '../sources/mailbox.ts'
import { StoreError } from '../store/migrations.ts'
import { botCommand } from './bot.ts'
import { buildCommand } from './build.ts'
import { checkCommand } from './check.ts'
import { completionCommand, manCommand } from './completion.ts'
import { diffCommand } from './diff.ts'
import { doctorCommand } from './doctor.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { hookCommand } from './hook.ts'
import { explainCommand, rulesCommand } from './rules.ts'
import { lintCommand } from './lint.ts'
import { lspCommand } from './lsp.ts'
import { objectsCommand } from './objects.ts'
import { outboxCommand } from './outbox.ts'
import { serveCommand } from './serve.ts'
import { isReaderGone, openTerminal, type Terminal } from './terminal.ts'

const epilogue = `
Exit status: 0 clean, 1 findings at or above --fail-on, 2 usage or configuration,
3 could not be judged (does not apply, environment), 130 interrupted.

Only the bot mails anything, and only what the lists of its configuration allow.
Only check --post and serve write to GitHub, and serve only where its configuration says so;
only check --patchwork writes to a Patchwork, to that of the configuration.`

/** The command tree. */
function buildProgram(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const program = new Command('kbuild-review')
    .description('Reviews kernel build-system patches: what they change in the build, and what is wrong with it.')
    .version(packageVersion())
    .addHelpText('after', epilogue)
  for (const make of [
    checkCommand,
    lintCommand,
    objectsCommand,
    diffCommand,
    buildCommand,
    backtestCommand,
    botCommand,
    outboxCommand,
    hookCommand,
    lspCommand,
    serveCommand,
    rulesCommand,
    explainCommand,
    doctorCommand,
    completionCommand,
    manCommand,
  ]) {
    program.addCommand(make(terminal, finish))
  }
  const commands = [program, ...program.commands, ...program.commands.flatMap((command) => command.commands)]
  for (const command of commands) command.exitOverride().showHelpAfterError('(--help tells more)')
  return program
}

/** Runs one command line; the result is the exit status. */
async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCodes.clean
  const program = buildProgram(terminal, (wanted) => {
    code = wanted
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    terminal.progress.clear()
    if (terminal.signal.aborted) return exitCodes.interrupted
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage
    if (isUsageError(error)) {
      terminal.note(error.message)
      return exitCodes.usage
    }
    terminal.note(error instanceof Error ? describeError(error, terminal.env) : String(error))
    return exitCodes.notJudged
  }
}

/** What was named does not exist or is not what it should be: the user's to mend. */
function isUsageError(error: unknown): error is Error {
  return [UsageError, MailboxError, ArchiveError, StoreError].some((kind) => error instanceof kind)
}

/** One line for people; the stack for those who ask with KBUILD_REVIEW_DEBUG=1. */
function describeError(error: Error, env: Terminal['env']): string {
  if (env['KBUILD_REVIEW_DEBUG'] === '1') return error.stack ?? error.message
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second one does not wait for things to be put away.
    if (interruption.signal.aborted) process.exit(exitCodes.interrupted)
    interruption.abort()
  })
}
// What could not be written fails where it was written; a reader that is gone changes nothing.
process.stdout.on('error', (error: Error) => {
  if (!isReaderGone(error)) process.exitCode = exitCodes.notJudged
})

process.exitCode = await main(process.argv.slice(2), openTerminal(interruption.signal))
