import { schedule } from 'node-cron'
import { describe, waitAfter } from './intake.ts'
import type { Log } from './log.ts'
import type { Pass } from './pass.ts'

/** How passes are made one after the other. */
export type Running = {
  /** As cron writes it. */
  readonly schedule: string
  /** Each pass begins up to so much later (milliseconds). */
  readonly jitterMs: number
  readonly pass: () => Promise<Pass>
  readonly log: Log
  readonly signal: AbortSignal
  /** Milliseconds from any beginning, which only grow; left out, those of the process. How long is waited after a failure is measured by it. */
  readonly elapsed?: () => number
  /** Is given what asks for a pass at once, besides the schedule; left out where nothing does. */
  readonly onNews?: (wake: () => void) => void
}

/**
 * Makes a pass now and whenever the schedule says, one at a time: what falls into a pass that takes long is left out, and caught up
 * with by the next, which reads from where the last one stood. After a pass that failed the next ones wait, longer each time, whatever
 * becomes of the clock meanwhile.
 * Ends when `signal` is aborted and the pass that runs has ended.
 */
export async function runBot(running: Running): Promise<void> {
  const { log, signal, elapsed = () => performance.now() } = running
  // asked anew each time: it changes while a pass runs
  const isStopping = (): boolean => signal.aborted
  let failures = 0
  let notBefore = 0
  let current: Promise<void> = Promise.resolve()
  const pass = async (): Promise<void> => {
    if (isStopping() || elapsed() < notBefore) return
    try {
      tell(await running.pass(), log)
      failures = 0
    } catch (error) {
      if (isStopping()) return
      const waitMs = waitAfter(failures)
      failures += 1
      notBefore = elapsed() + waitMs
      log('pass-failed', { reason: describe(error), failures, 'retry-seconds': waitMs / 1000 })
    }
  }
  log('started', { schedule: running.schedule })
  await pass()
  const options = {
    noOverlap: true,
    maxRandomDelay: running.jitterMs,
    timezone: 'UTC',
    suppressMissedWarning: true,
    logger: scheduleLogger(log),
  }
  // one after the other, whoever asks for it; of several that ask meanwhile one is enough
  let isAsked = false
  const next = (): Promise<void> => {
    if (isAsked) return current
    isAsked = true
    current = current.then(() => {
      isAsked = false
      return pass()
    })
    return current
  }
  const task = isStopping() ? null : schedule(running.schedule, next, options)
  running.onNews?.(() => void next())
  await untilAborted(signal)
  await task?.destroy()
  await current
  log('stopped')
}

/** What the scheduler says, such as that a pass takes longer than the time between two. */
function scheduleLogger(log: Log): Record<'info' | 'warn' | 'error' | 'debug', (message: string | Error) => void> {
  const tellAs = (message: string | Error): void => log('schedule', { message: describe(message) })
  return { info: () => undefined, debug: () => undefined, warn: tellAs, error: tellAs }
}

function tell(pass: Pass, log: Log): void {
  if (pass.kind === 'busy') log('pass-left-out', { running: pass.owner })
  else {
    const { mails, judged, laid, sent } = pass
    log('pass', { mails, judged, laid, sent })
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
