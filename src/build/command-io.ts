import type { ChildProcess } from 'node:child_process'
import type { GoalLog } from './goal-run.ts'
import type { SandboxCommand } from './sandbox-model.ts'

/** A command that prints this many times what is kept of it is ended. */
export const floodFactor = 4

/** How a command ended that we ended. */
type EarlyEnd = { readonly status: 'timeout' | 'killed'; readonly reason: string }

/** What ends a command before it does so itself. */
export type Ending = {
  readonly end: (status: EarlyEnd['status'], reason: string) => void
  /** Why the command was ended by us; null where it was not. */
  readonly why: () => EarlyEnd | null
  readonly clear: () => void
}

/** Ends a command, by `kill`, when its time is over or it is not wanted any more. */
export function endEarly(kill: () => void, { timeoutMs, signal }: SandboxCommand): Ending {
  let early: EarlyEnd | null = null
  const end = (status: EarlyEnd['status'], reason: string): void => {
    early ??= { status, reason }
    kill()
  }
  const interrupt = (): void => end('killed', 'interrupted')
  const timer = setTimeout(() => end('timeout', `took longer than ${Math.round(timeoutMs / 1000)} s`), timeoutMs)
  signal?.addEventListener('abort', interrupt, { once: true })
  if (signal?.aborted === true) interrupt()
  return {
    end,
    why: () => early,
    clear: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', interrupt)
    },
  }
}

/** A command that does not read all of its input ends the pipe; that is told by its exit status. */
export function feed(child: ChildProcess, { stdin }: SandboxCommand, kill: () => void): void {
  if (stdin === undefined || child.stdin === null) return
  child.stdin.on('error', () => stdin.destroy())
  stdin.on('error', () => kill())
  stdin.pipe(child.stdin)
}

export type LogOptions = { readonly maxBytes: number; readonly onFlood: () => void }

/** The first `maxBytes` of what is printed; the rest is counted alone. */
export async function readLog(child: ChildProcess, { maxBytes, onFlood }: LogOptions): Promise<GoalLog> {
  const kept: Buffer[] = []
  let [keptBytes, droppedBytes] = [0, 0]
  child.stdout?.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, maxBytes - keptBytes)
    kept.push(part)
    keptBytes += part.length
    droppedBytes += chunk.length - part.length
    if (keptBytes + droppedBytes > floodFactor * maxBytes) onFlood()
  })
  await new Promise((resolve) => {
    child.on('error', resolve)
    child.stdout?.on('close', resolve)
  })
  return { text: Buffer.concat(kept).toString('utf8'), droppedBytes }
}
