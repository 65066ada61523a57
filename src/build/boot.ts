import { Readable } from 'node:stream'
import { bootDirectory, type GuestFiles } from './boot-command.ts'
import { cleanConsole, readConsole, type ConsoleReading } from './console-text.ts'
import type { GoalCommand } from './goal-command.ts'
import { findFault } from './log-faults.ts'
import type { TapResult } from './read-tap.ts'
import type { CommandEnd, Sandbox } from './sandbox-model.ts'

/** How a boot ended: `failed` where the kernel, or what was tried on it, did. `log` is the console, cleaned. */
export type BootEnd = CommandEnd & { readonly tests: readonly TapResult[] }

export type BootOptions = {
  readonly guest: GuestFiles
  readonly seconds: number
  readonly signal?: AbortSignal
}

/** The status with which boot.sh says that this machine lacks something. */
const lackStatus = 125

/** What a kernel that does not come to its end fails at. */
export const endTest = 'kernel: comes to its end'

/** Boots what was built in an open sandbox, by a command of `bootCommand`. */
export async function bootKernel(
  { command, directory }: GoalCommand,
  sandbox: Sandbox,
  { guest, seconds, signal }: BootOptions,
): Promise<BootEnd> {
  const aborting = signal && { signal }
  for (const [name, text] of Object.entries(guest)) {
    const written = await sandbox.run({
      command: ['sh', '-c', 'mkdir -p "${1%/*}" && cat >"$1"', 'sh', `${bootDirectory}/${name}`],
      directory: '/build',
      timeoutMs: 60_000,
      stdin: Readable.from([text]),
      ...aborting,
    })
    if (written.status !== 'ok') return { ...written, ...asEnvironment(`cannot write ${name}`), tests: [] }
  }
  const end = await sandbox.run({ command, directory, timeoutMs: seconds * 1000, ...aborting })
  return judgeBoot({ ...end, log: { ...end.log, text: cleanConsole(end.log.text) } })
}

/** What the end of the emulator and the console say together. */
export function judgeBoot(end: CommandEnd): BootEnd {
  const reading = readConsole(end.log.text)
  const tests = reading.results.map(({ outcome, name, remark }) => ({ outcome, name, remark }))
  const lines = end.log.text.trimEnd().split('\n')
  if (end.exitCode === lackStatus && reading.results.length === 0) {
    const said = lines.findLast((line) => line.startsWith('boot: '))?.slice('boot: '.length)
    return { ...end, ...asEnvironment(said ?? 'the machine lacks something to boot with'), tests }
  }
  if (end.status !== 'ok' && end.status !== 'failed') return { ...end, tests }
  const fault = end.status === 'failed' ? lines.map(findFault).find((found) => found !== null) : null
  if (fault !== null && fault !== undefined && tests.length === 0) return { ...end, ...asEnvironment(fault), tests }
  if (!reading.isComplete) {
    const all = [...tests, { outcome: 'fail' as const, name: endTest, remark: whyItEnded(reading) }]
    return { ...end, status: 'failed', tests: all }
  }
  return { ...end, status: tests.some(({ outcome }) => outcome === 'fail') ? 'failed' : 'ok', tests }
}

function asEnvironment(reason: string): Pick<CommandEnd, 'status' | 'reason'> {
  return { status: 'environment', reason }
}

/** The panic, or the last that was said. */
function whyItEnded({ rest }: ConsoleReading): string {
  const panic = rest.find((line) => line.includes('Kernel panic - not syncing'))
  const last = rest.findLast((line) => !line.startsWith('boot: '))
  return panic?.slice(panic.indexOf('Kernel panic')) ?? last ?? 'it says nothing'
}
