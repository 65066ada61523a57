import { describe, expect, it, vi } from 'vitest'
import { logLine } from '../../../../src/app/bot/log.ts'
import type { Pass } from '../../../../src/app/bot/pass.ts'
import { runBot } from '../../../../src/app/bot/run.ts'
import { isOwnerGone, nameOwner } from '../../../../src/app/process-owner.ts'

const done: Pass = { kind: 'passed', mails: 1, judged: 0, laid: 0, sent: 0 }

/** Runs the bot with a schedule of every second until a pass has said that it is enough. */
async function run(pass: (time: number, stop: () => void) => Promise<Pass>): Promise<readonly string[]> {
  const stop = new AbortController()
  const events: string[] = []
  let times = 0
  await runBot({
    schedule: '* * * * * *',
    jitterMs: 0,
    log: (event) => void events.push(event),
    signal: stop.signal,
    pass: () => pass(times++, () => stop.abort()),
  })
  return events
}

describe('the running bot', () => {
  it('makes a pass at once and then by its schedule, and stops when it is told to', async () => {
    const events = await run(async (time, stop) => {
      if (time === 2) stop()
      return Promise.resolve(done)
    })
    expect(events).toEqual(['started', 'pass', 'pass', 'pass', 'stopped'])
  })

  it('never makes two passes at once', async () => {
    let running = 0
    let most = 0
    await run(async (time, stop) => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, time === 1 ? 2200 : 0))
      running -= 1
      if (time === 2) stop()
      return done
    })
    expect(most).toBe(1)
  })

  it('waits for the pass that runs before it stops', async () => {
    let ended = false
    const events = await run(async (_, stop) => {
      stop()
      await new Promise((resolve) => setTimeout(resolve, 200))
      ended = true
      return done
    })
    expect(ended).toBe(true)
    expect(events).toEqual(['started', 'pass', 'stopped'])
  })

  it('tells of a pass that failed, and lets the next ones wait', async () => {
    let passes = 0
    const stop = new AbortController()
    const events: string[] = []
    setTimeout(() => stop.abort(), 2500)
    await runBot({
      schedule: '* * * * * *',
      jitterMs: 0,
      log: (event, fields) => void events.push(`${event} ${String(fields?.['reason'] ?? '')}`.trim()),
      signal: stop.signal,
      pass: () => {
        passes += 1
        return Promise.reject(new Error('no space left on device'))
      },
    })
    expect(passes).toBe(1)
    expect(events).toEqual(['started', 'pass-failed no space left on device', 'stopped'])
  })
})

describe('a failure', () => {
  it('is waited out in time that passed, whatever the clock says meanwhile', async () => {
    const [now, stop] = [Date.now(), new AbortController()]
    let [elapsed, passes] = [0, 0]
    const ahead = vi.spyOn(Date, 'now').mockReturnValue(now + 10 * 24 * 3_600_000)
    setTimeout(() => stop.abort(), 4000)
    try {
      await runBot({
        schedule: '* * * * * *',
        jitterMs: 0,
        elapsed: () => elapsed,
        log: () => undefined,
        signal: stop.signal,
        pass: () => {
          passes += 1
          if (passes > 1) stop.abort()
          if (passes > 1) return Promise.resolve(done)
          // the next look at the schedule finds the clock right and the wait over
          ahead.mockRestore()
          setTimeout(() => (elapsed = 31_000), 100)
          return Promise.reject(new Error('no network yet'))
        },
      })
    } finally {
      ahead.mockRestore()
    }
    expect(passes).toBe(2)
  })
})

describe('a line of the log', () => {
  it('is one line whatever strangers write', () => {
    const line = logLine(0, 'series-judged', {
      subject: 'boards: a\nb "c" \u001b[31mred\u202e',
      ms: 7,
      series: 'v1-0@x',
    })
    expect(line).toBe(
      'time=1970-01-01T00:00:00.000Z event=series-judged subject="boards: a b \\"c\\" \\\\x1b[31mred\\\\u202e" ms=7 series=v1-0@x',
    )
    expect(logLine(0, 'pass', { reason: 'x'.repeat(9000) }).length).toBeLessThan(600)
  })
})

describe('the owner of a lease', () => {
  it('is gone when its process is, and never when it is of another host', () => {
    const self = nameOwner('self')
    expect(isOwnerGone(self, self)).toBe(false)
    // an earlier process with our number, as in a container where it is always the same
    expect(isOwnerGone(nameOwner('earlier'), self)).toBe(true)
    expect(isOwnerGone(self.replace(/:\d+:/, `:${process.ppid}:`), self)).toBe(false)
    expect(isOwnerGone(self.replace(/:\d+:/, ':4194305:'), self)).toBe(true)
    expect(isOwnerGone('elsewhere:4194305:x', self)).toBe(false)
    expect(isOwnerGone('nonsense', self)).toBe(false)
  })
})
