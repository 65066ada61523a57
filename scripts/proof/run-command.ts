import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** How a command ended and what it printed. `status` is null where a signal ended it. */
export type Ran = {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  readonly ms: number
}

export type RunOptions = {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv
  /** Sends SIGKILL to the whole process group after so many milliseconds. */
  readonly killAfterMs?: number
}

/** Runs a command to its end in a process group of its own. */
export function runCommand(command: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  const started = Date.now()
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    const timer = options.killAfterMs === undefined ? null : setTimeout(() => killGroup(child.pid), options.killAfterMs)
    child.on('error', reject)
    child.on('close', (status) => {
      if (timer) clearTimeout(timer)
      resolve({
        status,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
        ms: Date.now() - started,
      })
    })
  })
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // it has ended meanwhile
  }
}

/** Runs the command line of a checkout under the Node that runs this script. */
export function runReview(root: string, args: readonly string[], options: Partial<RunOptions> = {}): Promise<Ran> {
  const bin = join(root, 'bin', 'kbuild-review.mjs')
  return runCommand(process.execPath, ['--disable-warning=ExperimentalWarning', bin, ...args], {
    cwd: root,
    ...options,
  })
}
