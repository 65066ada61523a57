import type { ChildProcess } from 'node:child_process'
import { printable } from '../review/printable.ts'
import type { GoalLog } from './goal-run.ts'
import type { CgroupEvents } from './cgroups.ts'
import { endEarly, feed, floodFactor, readLog } from './command-io.ts'
import { bubblewrapArguments } from './sandbox-arguments.ts'
import { ended, killEntered, startEntering, startProgram } from './sandbox-processes.ts'
import { systemCallFilter } from './system-calls.ts'
import { seenDirectories, type CommandEnd, type Inside, type SandboxCommand } from './sandbox-model.ts'

/** Runs a command in a sandbox to its end, or to the end of its time. Nothing that it started is left then. */
export async function runCommand(command: SandboxCommand, inside: Inside): Promise<CommandEnd> {
  const { limits, group } = inside
  const started = performance.now()
  const before = group?.events() ?? noEvents
  const child = startEntering(wholeCommand(command, inside), {
    holderPid: inside.holderPid,
    identity: inside.support.identity,
    groups: group?.directories ?? [],
    stdin: command.stdin === undefined ? 'ignore' : 'pipe',
  })
  // Bubblewrap ends with nsenter, and all that it holds with bubblewrap.
  const kill = (): void => killEntered(child)
  const ending = endEarly(kill, command)
  feed(child, command, kill)
  giveFilter(child)
  const [log, report, code] = await Promise.all([
    readLog(child, {
      maxBytes: limits.log,
      onFlood: () => ending.end('killed', `printed more than ${floodFactor * limits.log} bytes`),
    }),
    readReport(child),
    ended(child),
  ])
  ending.clear()
  const result = { exitCode: report.exitCode, seconds: (performance.now() - started) / 1000, log }
  const early = ending.why()
  if (early !== null) return { ...result, exitCode: null, ...early }
  if (!report.began || neverExecuted(report, code))
    return { ...result, status: 'environment', reason: whyNotBegun(log, code) }
  const limit = await findLimit(result.exitCode, before, inside)
  if (limit !== null) return { ...result, status: 'killed', reason: limit }
  return { ...result, status: result.exitCode === 0 ? 'ok' : 'failed', reason: null }
}

const noEvents: CgroupEvents = { memory: 0, processes: 0 }

/** What limits a command by itself; control groups count all of them together. */
function wholeCommand(command: SandboxCommand, inside: Inside): readonly string[] {
  const { limits, group, support, stage } = inside
  const counted = group === null ? [`--nproc=${limits.processes}`, `--as=${limits.memory}`] : []
  const identity =
    support.identity.kind === 'root'
      ? [
          'setpriv',
          `--reuid=${support.identity.uid}`,
          `--regid=${support.identity.uid}`,
          '--clear-groups',
          '--no-new-privs',
        ]
      : []
  const mounted = seenDirectories(inside).map((path, index) => ({ path, at: `${stage}/space/seen${index + 1}` }))
  const last = mounted.at(-1)
  const view = bubblewrapArguments({
    build: `${stage}/build`,
    temporary: `${stage}/space/tmp`,
    evidence: command.evidence === undefined ? null : `${stage}/space/evidence`,
    directories: mounted.slice(0, inside.directories.length),
    shared: last === undefined || inside.shared === undefined ? null : { ...last, access: inside.shared.access },
    environment: inside.environment,
    directory: command.directory,
    statusDescriptor: 3,
    filterDescriptor: systemCallFilter(process.arch) === null ? null : 4,
  })
  return [
    ...['prlimit', '--core=0', `--fsize=${limits.disk}`, '--nofile=4096', ...counted],
    ...[...identity, 'bwrap', ...view, ...command.command],
  ]
}

/** Bubblewrap reads it to its end before it starts the command. */
function giveFilter(child: ChildProcess): void {
  const stream = child.stdio[4]
  if (stream === null || stream === undefined || !('end' in stream)) return
  stream.on('error', () => stream.destroy())
  stream.end(systemCallFilter(process.arch) ?? new Uint8Array())
}

type Report = { readonly began: boolean; readonly exitCode: number | null }

/** What bubblewrap says on the descriptor of --json-status-fd: an object with `child-pid` when it began, one with `exit-code` at the end. */
async function readReport(child: ChildProcess): Promise<Report> {
  const stream = child.stdio[3]
  if (stream === null || stream === undefined || !('setEncoding' in stream)) return { began: false, exitCode: null }
  let text = ''
  stream.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString('latin1')).slice(0, 10_000)
  })
  await new Promise((resolve) => {
    stream.on('close', resolve)
    child.on('error', resolve)
  })
  const code = /"exit-code"\s*:\s*(\d+)/.exec(text)?.[1]
  return { began: text.includes('"child-pid"'), exitCode: code === undefined ? null : Number(code) }
}

/**
 * Bubblewrap reports no exit code of a command that it could not start, and ends by itself then (bubblewrap.c, report_child_exit_status()); what is
 * printed says nothing, as any command may print it.
 */
function neverExecuted({ exitCode }: Report, code: number | null): boolean {
  return exitCode === null && code === 1
}

function whyNotBegun(log: GoalLog, code: number | null): string {
  const line = log.text.trim().split('\n').slice(-1)[0] ?? ''
  return `the sandbox did not start: ${line === '' ? `status ${code ?? 'unknown'}` : printable(line.slice(0, 300))}`
}

/** Which limit a command met, if one; what it made of it can say nothing about the patch, even where it succeeded. */
async function findLimit(exitCode: number | null, before: CgroupEvents, inside: Inside): Promise<string | null> {
  const { limits, group } = inside
  const after = group?.events() ?? noEvents
  if (after.memory > before.memory) return `needed more than ${limits.memory} bytes of memory`
  if (after.processes > before.processes) return `needed more than ${limits.processes} processes`
  if (exitCode !== 0 && (await isFull(inside))) return `wrote more than ${limits.disk} bytes`
  return exitCode === null ? 'killed by a signal' : null
}

/** Whether nothing more can be written: free blocks and free files, from outside of what runs there. */
async function isFull({ stage, holderPid, support }: Inside): Promise<boolean> {
  const child = startProgram(['stat', '-f', '-c', '%a %d', `${stage}/space`], { holderPid, identity: support.identity })
  const [log] = await Promise.all([
    readLog(child, { maxBytes: 1000, onFlood: () => child.kill('SIGKILL') }),
    ended(child),
  ])
  const [, blocks, files] = /^(\d+) (\d+)$/.exec(log.text.trim()) ?? []
  return Number(blocks) === 0 || Number(files) === 0
}
