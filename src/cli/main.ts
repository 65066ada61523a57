import { Command, CommanderError } from 'commander'
import { packageVersion } from '../app/package.ts'
import { startEarly } from './early-threads.ts'
import { exitCodes, type ExitCode } from './exit.ts'
import { isReaderGone, openTerminal, type Terminal } from './terminal.ts'

type MakeCommand = (terminal: Terminal, finish: (code: ExitCode) => void) => Command

/** The commands in the order of --help. Each is loaded when it is wanted: all of them together take half a second. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<MakeCommand>>> = {
  check: async () => (await import('./check.ts')).checkCommand,
  lint: async (args) => {
    const early = args[0] === 'lint' ? startEarly(args, { cwd: process.cwd(), env: process.env }) : null
    const { lintCommand, ownSources } = await import('./lint.ts')
    return (terminal, finish) => lintCommand(terminal, finish, { ...ownSources, early })
  },
  objects: async () => (await import('./objects.ts')).objectsCommand,
  diff: async () => (await import('./diff.ts')).diffCommand,
  build: async () => (await import('./build.ts')).buildCommand,
  backtest: async () => (await import('./backtest.ts')).backtestCommand,
  bot: async () => (await import('./bot.ts')).botCommand,
  outbox: async () => (await import('./outbox.ts')).outboxCommand,
  hook: async () => (await import('./hook.ts')).hookCommand,
  lsp: async () => (await import('./lsp.ts')).lspCommand,
  serve: async () => (await import('./serve.ts')).serveCommand,
  rules: async () => (await import('./rules.ts')).rulesCommand,
  explain: async () => (await import('./rules.ts')).explainCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  completion: async () => (await import('./completion.ts')).completionCommand,
  man: async () => (await import('./completion.ts')).manCommand,
}

/** Commands that tell of all the others. */
const ofAll: ReadonlySet<string> = new Set(['completion', 'man'])

const epilogue = `
Exit status: 0 clean, 1 findings at or above --fail-on, 2 usage or configuration,
3 could not be judged (does not apply, environment), 130 interrupted.

Only the bot mails anything, and only what the lists of its configuration allow.
Only check --post and serve write to GitHub, and serve only where its configuration says so;
only check --patchwork writes to a Patchwork, to that of the configuration.`

/** The command tree, or as much of it as a command line wants. */
async function buildProgram(
  args: readonly string[],
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): Promise<Command> {
  const program = new Command('kbuild-review')
    .description('Reviews kernel build-system patches: what they change in the build, and what is wrong with it.')
    .version(packageVersion())
    .addHelpText('after', epilogue)
  for (const name of namesFor(args[0])) {
    const make = await commands[name]?.(args)
    if (make !== undefined) program.addCommand(make(terminal, finish))
  }
  const all = [program, ...program.commands, ...program.commands.flatMap((command) => command.commands)]
  for (const command of all) command.exitOverride().showHelpAfterError('(--help tells more)')
  return program
}

/** The commands that a command line beginning with `wanted` needs: one, or all for --help and the like. */
function namesFor(wanted: string | undefined): readonly string[] {
  if (wanted === '--version' || wanted === '-V') return []
  const isOne = wanted !== undefined && Object.hasOwn(commands, wanted) && !ofAll.has(wanted)
  return isOne ? [wanted] : Object.keys(commands)
}

/** Runs one command line; the result is the exit status. */
async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCodes.clean
  try {
    const program = await buildProgram(args, terminal, (wanted) => {
      code = wanted
    })
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
  return error instanceof Error && 'code' in error && usageCodes.has(error.code)
}

/** The codes of UsageError, MailboxError, ArchiveError and StoreError. */
const usageCodes: ReadonlySet<unknown> = new Set(['usage', 'no-mailbox', 'no-archive', 'store'])

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
