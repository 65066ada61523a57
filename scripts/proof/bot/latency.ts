import type { ReplayLine } from './replay-lines.ts'

/**
 * Milliseconds from when the last mail of a series was read to when its replies were drafted, by series: the work, and what the bot waited on
 * purpose for more mails. `mailsOf` gives the mails of a version by its head. What was read by one process and judged by another is left out.
 */
export function latencies(
  lines: readonly ReplayLine[],
  mailsOf: (head: string) => readonly string[],
): readonly number[] {
  let read = new Map<string, { readonly at: number; readonly now: number }>()
  const found: number[] = []
  for (const line of lines) {
    if (line.kind === 'begun') read = new Map()
    else if (line.kind === 'mail') read.set(line.id, line)
    else if (line.kind === 'event' && line.event === 'series-judged') {
      const mails = mailsOf(String(line.fields['series'])).map((id) => read.get(id))
      const times = mails.filter((time) => time !== undefined)
      if (times.length < mails.length || times.length === 0) continue
      const worked = line.at - Math.max(...times.map(({ at }) => at))
      const waited = line.now - Math.max(...times.map(({ now }) => now))
      found.push(worked + waited)
    }
  }
  return found
}

/** The value that a share of some values does not pass; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
