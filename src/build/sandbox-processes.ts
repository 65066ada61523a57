import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { enterScript, holderScript } from './sandbox-scripts.ts'
import type { Identity } from './sandbox-model.ts'

/** What the programs that make a sandbox get of the environment; what runs in it gets its own. */
const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }

/** What holds the mounts of a sandbox. `pid` is the first process of its namespaces, as we see it; `closed` settles when all of it has ended. */
export type Started = { readonly child: ChildProcess; readonly pid: number; readonly closed: Promise<number | null> }

export type Holder = ({ readonly kind: 'holder' } & Started) | { readonly kind: 'failed'; readonly reason: string }

/** Mounts take milliseconds; a machine that needs longer than this to make some has another fault. */
const startTimeoutMs = 30_000

/** Starts what holds the mounts of a sandbox, and waits until they are there. */
export async function startHolder(args: readonly string[], identity: Identity): Promise<Holder> {
  const asUser = identity.kind === 'root' ? [] : ['--user', '--map-root-user']
  const namespaces = [...asUser, '--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private']
  const child = spawn('unshare', [...namespaces, 'sh', '-c', holderScript, 'holder', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment,
    cwd: '/',
    // Ctrl-C on a terminal reaches its foreground group; this one ends when we end it.
    detached: true,
  })
  const closed = ended(child)
  const complaint = collect(child)
  const timer = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs)
  const said = await firstLine(child)
  clearTimeout(timer)
  const pid = /^ready (\d+)$/.exec(said)?.[1]
  if (pid !== undefined) return { kind: 'holder', child, pid: Number(pid), closed }
  child.stdin.end()
  child.kill('SIGKILL')
  await closed
  return { kind: 'failed', reason: (await complaint).trim().split('\n')[0] ?? 'unshare failed' }
}

/** The first line of standard output; what came of it until the output was closed. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    child.on('error', () => resolve(''))
    child.stdout?.setEncoding('utf8')
    child.stdout?.on('data', (chunk: string) => {
      text += chunk
      if (text.includes('\n')) resolve(text.split('\n')[0] ?? '')
    })
    child.stdout?.on('end', () => resolve(text))
  })
}

/** What a program complained about until it closed standard error or could not be started. */
function collect(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    child.on('error', (error) => resolve(error.message))
    child.stderr?.setEncoding('utf8')
    child.stderr?.on('data', (chunk: string) => {
      text = (text + chunk).slice(0, 10_000)
    })
    child.stderr?.on('end', () => resolve(text))
  })
}

type Within = { readonly holderPid: number; readonly identity: Identity }

/** Starts a program of ours in the namespaces of a sandbox, with all our rights: only for what we wrote ourselves. */
export function startProgram(command: readonly string[], within: Within): ChildProcess {
  return enter(['sh', '-c', enterScript, 'enter', '--', ...command], within, 'ignore')
}

/** Starts a command in the namespaces and control groups of a sandbox; descriptor 3 is a pipe that we read, 4 one that we write. */
export function startEntering(
  command: readonly string[],
  within: Within & { readonly groups: readonly string[]; readonly stdin: 'ignore' | 'pipe' },
): ChildProcess {
  return enter(['sh', '-c', enterScript, 'enter', ...within.groups, '--', ...command], within, within.stdin)
}

function enter(command: readonly string[], { holderPid, identity }: Within, stdin: 'ignore' | 'pipe'): ChildProcess {
  const user = identity.kind === 'root' ? [] : ['--user', '--preserve-credentials']
  const namespaces = ['--target', String(holderPid), '--mount', '--pid', ...user]
  return spawn('nsenter', [...namespaces, '--', ...command], {
    stdio: [stdin, 'pipe', 'pipe', 'pipe', 'pipe'],
    env: environment,
    cwd: '/',
    detached: true,
  })
}

/** Waits until a program has ended and nobody holds its output any more; its exit status, null where a signal or nothing at all ended it. */
export function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.on('error', () => resolve(null))
    child.on('close', (code) => resolve(code))
  })
}

/**
 * Kills what nsenter started, which is bubblewrap, and all that bubblewrap holds with it; nsenter then ends by itself and leaves no child for
 * the system to collect, which a namespace would have to wait for. Where the system does not tell children, nsenter is killed.
 */
export function killEntered(child: ChildProcess): void {
  const pids = childrenOf(child.pid)
  if (pids.length === 0) child.kill('SIGKILL')
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      child.kill('SIGKILL')
    }
  }
}

/** /proc/PID/task/PID/children (proc(5)); none where the kernel has no such file. */
function childrenOf(pid: number | undefined): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid ?? 0}/task/${pid ?? 0}/children`, 'latin1')
    return text
      .split(' ')
      .map(Number)
      .filter((each) => each > 1)
  } catch {
    return []
  }
}
