import { createProgress, type Progress } from './progress.ts'

/** What a command may touch of the outside: its output, the environment, and the signal that Ctrl-C gives. */
export type Terminal = {
  /** Writes to stdout; settles when the reader has taken it. */
  out(text: string | Uint8Array): Promise<void>
  /** Writes a line to stderr. */
  note(text: string): void
  /** Writes a line to stderr as it is: a log that programs read. */
  log(line: string): void
  readonly progress: Progress
  /** Whether stdout is a terminal that wants colour: NO_COLOR, FORCE_COLOR and TERM=dumb are honoured. */
  readonly colour: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly signal: AbortSignal
}

/** The terminal of this process. */
export function openTerminal(signal: AbortSignal): Terminal {
  const { stdout, stderr, env } = process
  return {
    out: (text) => writeAll(stdout, text),
    note: (text) => {
      stderr.write(`kbuild-review: ${text}\n`)
    },
    log: (line) => {
      stderr.write(`${line}\n`)
    },
    progress: createProgress({
      write: (text) => stderr.write(text),
      shown: stderr.isTTY && env['TERM'] !== 'dumb',
      width: stderr.columns,
    }),
    colour: wantsColour(env, stdout.isTTY),
    env,
    cwd: process.cwd(),
    signal,
  }
}

/** https://no-color.org: a NO_COLOR that is not empty wins; FORCE_COLOR serves pagers. */
function wantsColour(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0') return true
  return isTerminal && env['TERM'] !== 'dumb'
}

/** A reader that has seen enough, as `head` has: no error, and no reason for another exit status. */
export function isReaderGone(error: Error): boolean {
  return 'code' in error && error.code === 'EPIPE'
}

function writeAll(stream: NodeJS.WriteStream, text: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error && !isReaderGone(error)) reject(error)
      else resolve()
    })
  })
}
