import { CommanderError } from 'commander'
import type { HookRequest } from '../app/hook-answer.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { lintCommand } from './lint.ts'
import { createProgress } from './progress.ts'
import { sessionLike, type Session } from './session.ts'
import type { Terminal } from './terminal.ts'

/** How a command ended in the process that stays, and what it wrote to both of its outputs. */
export type ResidentAnswer = { readonly status: ExitCode; readonly text: string; readonly output: string }

/**
 * Answers `lint --stdin --resident`: the same command on what is known of the repository already. `args` of the request is its command
 * line, `input` its standard input in base64.
 */
export async function answerLint(request: HookRequest, kept: Session, terminal: Terminal): Promise<ResidentAnswer> {
  let [text, output] = ['', '']
  let status: ExitCode = exitCodes.clean
  const note = (line: string): void => {
    text += `kbuild-review: ${line}\n`
  }
  const written: Terminal = {
    out: (chunk) => {
      output += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
      return Promise.resolve()
    },
    note,
    log: (line) => {
      text += `${line}\n`
    },
    progress: createProgress({ write: () => undefined, shown: false, width: undefined }),
    colour: request.colour,
    env: terminal.env,
    cwd: request.cwd,
    signal: terminal.signal,
  }
  const finish = (code: ExitCode): void => {
    status = code
  }
  const command = lintCommand(written, finish, {
    open: (flags) => Promise.resolve(sessionLike(kept, flags, written)),
    input: () => Promise.resolve(Buffer.from(request.input, 'base64')),
  })
    .exitOverride()
    .configureOutput({
      writeErr: (chunk) => {
        text += chunk
      },
      writeOut: (chunk) => {
        output += chunk
      },
    })
  try {
    await command.parseAsync(request.args.slice(1), { from: 'user' })
  } catch (error) {
    status = statusOf(error)
    if (!(error instanceof CommanderError)) note(error instanceof Error ? error.message : String(error))
  }
  return { status, text, output }
}

/** As main.ts has it for a process of its own. */
function statusOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage
  return error instanceof UsageError ? exitCodes.usage : exitCodes.notJudged
}
