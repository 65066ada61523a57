import { execa } from 'execa'
import { GitError } from './git-error.ts'

/** How a program is started. There is no shell, and nothing of our own environment but what `env` holds. */
export type RunOptions = {
  readonly cwd: string
  /** All of the environment: what `gitEnvironment` gives. */
  readonly env: Readonly<Record<string, string>>
  readonly stdin?: string | Uint8Array
  /** Default one minute. The program and all that it started are killed then. */
  readonly timeoutMs?: number
  /** Bytes, of standard output and standard error each. Default 64 MB. */
  readonly maxOutput?: number
  readonly signal?: AbortSignal
}

/** What a program that ended by itself left: `exitCode` 0 is success. Errors are decoded, output is bytes. */
export type RunResult = { readonly exitCode: number; readonly stdout: Buffer; readonly stderr: string }

const defaultTimeoutMs = 60_000
const defaultMaxOutput = 64 * 1024 * 1024

/** Runs git to its end. Throws a GitError where it cannot be started, has no end, or says more than it may. */
export async function runGit(args: readonly string[], options: RunOptions): Promise<RunResult> {
  return runProgram('git', args, options)
}

/** The output of a git command that is not expected to fail, as text; throws a GitError with git's words where it does. */
export async function gitOutput(args: readonly string[], options: RunOptions): Promise<string> {
  const { exitCode, stdout, stderr } = await runGit(args, options)
  if (exitCode === 0) return stdout.toString('utf8')
  throw new GitError('failed', `git ${args[0] ?? ''} failed with status ${exitCode}: ${lastLines(stderr)}`)
}

/** The same for any program: GNU patch is the other one. */
export async function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { cwd, env, stdin = '', timeoutMs = defaultTimeoutMs, maxOutput = defaultMaxOutput, signal } = options
  const result = await execa(program, args, {
    cwd,
    env,
    extendEnv: false,
    input: stdin,
    encoding: 'buffer',
    stripFinalNewline: false,
    reject: false,
    timeout: timeoutMs,
    maxBuffer: maxOutput,
    killDescendants: true,
    forceKillAfterDelay: 1000,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  })
  const name = `${program} ${args[0] ?? ''}`.trimEnd()
  if (result.isCanceled) throw new GitError('aborted', `${name} was stopped`, result)
  if (result.timedOut) throw new GitError('timeout', `${name} took longer than ${timeoutMs} ms`, result)
  if (result.isMaxBuffer) throw new GitError('too-much-output', `${name} printed more than ${maxOutput} bytes`, result)
  if (result.isTerminated) throw new GitError('killed', `${name} was killed by ${result.signal ?? 'a signal'}`, result)
  if (result.exitCode === undefined)
    throw new GitError('program-missing', `${program} cannot be started in ${cwd}`, result)
  return { exitCode: result.exitCode, stdout: Buffer.from(result.stdout), stderr: decode(result.stderr) }
}

function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}

/** The end of what a program complained about, on one line. */
export function lastLines(stderr: string): string {
  return stderr.trim().split('\n').slice(-3).join(' | ').slice(0, 500)
}
