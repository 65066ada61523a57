import { spawn, type ChildProcess } from 'node:child_process'
import { execa } from 'execa'
import { asInside, belowRoot } from './bare-names.ts'
import { openBarePlace, type BarePlace } from './bare-place.ts'
import { makeCgroup, type Cgroup } from './cgroups.ts'
import { endEarly, feed, floodFactor, readLog } from './command-io.ts'
import type { GoalLog } from './goal-run.ts'
import { commandEnvironment } from './sandbox-arguments.ts'
import type { CommandEnd, OpenedSandbox, SandboxCommand, SandboxOptions } from './sandbox-model.ts'
import { ended } from './sandbox-processes.ts'
import { enterScript } from './sandbox-scripts.ts'

type Bare = Omit<SandboxOptions, 'place'> & { readonly place: BarePlace; readonly group: Cgroup | null }

/**
 * What stands for a sandbox where somebody asked for none: the same commands, over copies of the layers in a directory of their own. They see this
 * machine, its files and its network. What limits memory, processes and time holds as far as it does without namespaces; nothing limits the disk
 * but the size of one file. Where root runs us builds get another id, as in a sandbox.
 */
export async function openBareSandbox(options: SandboxOptions): Promise<OpenedSandbox> {
  const { support, limits } = options
  const opened = await openBarePlace(options)
  if (opened.kind === 'failed') return opened
  const { place } = opened
  const counted = { memoryBytes: limits.memory, processes: limits.processes }
  const group = support.cgroups === null ? null : makeCgroup(support.cgroups, counted)
  const bare = { ...options, place, group }
  const state: { closing: Promise<void> | null } = { closing: null }
  return {
    kind: 'sandbox',
    sandbox: {
      root: place.root,
      limitedBy: group === null ? 'prlimit' : (support.cgroups?.kind ?? 'prlimit'),
      run: (command) => runBare(command, bare),
      keep: (directory) => keepWritten(directory, place),
      close: () => (state.closing ??= close(bare)),
    },
  }
}

async function close({ group, place }: Bare): Promise<void> {
  // Whatever is left of it ends first.
  group?.remove()
  try {
    await place.settle()
  } finally {
    place.remove()
  }
}

/** How long the output of a command is read whose process has ended: one that it left behind may hold it (milliseconds). */
const lingerMs = 2000

async function runBare(command: SandboxCommand, bare: Bare): Promise<CommandEnd> {
  const { limits, place } = bare
  const started = performance.now()
  const child = start(command, bare)
  const kill = (): void => killGroup(child)
  const ending = endEarly(kill, command)
  feed(child, command, kill)
  child.once('exit', () => {
    kill()
    setTimeout(() => child.stdout?.destroy(), lingerMs).unref()
  })
  const onFlood = (): void => ending.end('killed', `printed more than ${floodFactor * limits.log} bytes`)
  const [read, exitCode] = await Promise.all([readLog(child, { maxBytes: limits.log, onFlood }), ended(child)])
  ending.clear()
  const log = { ...read, text: asInside(read.text, place.root) }
  const result = { exitCode, seconds: (performance.now() - started) / 1000, log }
  const early = ending.why()
  if (early !== null) return { ...result, exitCode: null, ...early }
  if (neverExecuted(exitCode, log)) return { ...result, status: 'environment', reason: log.text.trim() }
  if (exitCode === null) return { ...result, status: 'killed', reason: 'killed by a signal' }
  return { ...result, status: exitCode === 0 ? 'ok' : 'failed', reason: null }
}

function start({ command, directory, stdin }: SandboxCommand, { place, ...bare }: Bare): ChildProcess {
  const { root } = place
  const words = [...limiting(bare), ...command.map((word) => belowRoot(word, root))]
  return spawn('sh', ['-c', enterScript, 'enter', ...(bare.group?.directories ?? []), '--', ...words], {
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: { ...commandEnvironment, HOME: `${root}/tmp`, TMPDIR: `${root}/tmp`, ...bare.environment },
    cwd: belowRoot(directory, root),
    // A group of its own: it is killed as a whole.
    detached: true,
  })
}

function limiting({ limits, group, support: { identity } }: Omit<Bare, 'place'>): readonly string[] {
  const counted = group === null ? [`--nproc=${limits.processes}`, `--as=${limits.memory}`] : []
  const id = identity.kind === 'root' ? String(identity.uid) : null
  const dropping =
    id === null ? [] : ['setpriv', `--reuid=${id}`, `--regid=${id}`, '--clear-groups', '--no-new-privs', '--']
  return ['prlimit', '--core=0', `--fsize=${limits.disk}`, '--nofile=4096', ...counted, ...dropping]
}

/** The process group of a command, as far as nothing left it. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // All of it has ended.
  }
}

/** prlimit(1) and setpriv(1) tell a program that is not there as the only line. */
function neverExecuted(exitCode: number | null, { text }: GoalLog): boolean {
  return exitCode === 127 && /^(?:prlimit|setpriv): failed to execute [^\n]{1,400}\n$/.test(text)
}

const keepScript = `
cd "$1"
mkdir -p "$3/source" "$3/output"
find . '(' -type f -o -type l ')' -cnewer "$2" -print0 | xargs -0 -r cp -a --parents --target-directory="$3" --
`

/** Copies what was written since the place was filled, as a layer; null where that succeeded, else why not. */
async function keepWritten(directory: string, { root, mark }: BarePlace): Promise<string | null> {
  const { failed, stderr } = await execa('sh', ['-euc', keepScript, 'keep', `${root}/build`, mark, directory], {
    reject: false,
    stdin: 'ignore',
  })
  return failed ? `cannot keep what was built: ${stderr.trim().split('\n').at(-1) ?? ''}` : null
}
