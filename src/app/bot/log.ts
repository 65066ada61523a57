import { printable } from '../../review/printable.ts'

/** One event of the bot: a word, and what it is about. No bodies, and no addresses beyond what the archive shows. */
export type Log = (event: string, fields?: Readonly<Record<string, string | number>>) => void

/** An event as a line: `time=2025-01-15T00:00:00.000Z event=judged series=a@b findings=2`. Values with blanks are quoted as JSON. */
export function logLine(now: number, event: string, fields: Readonly<Record<string, string | number>> = {}): string {
  const all: Readonly<Record<string, string | number>> = { time: new Date(now).toISOString(), event, ...fields }
  return Object.entries(all)
    .map(([key, value]) => `${key}=${printed(String(value))}`)
    .join(' ')
}

function printed(value: string): string {
  const shown = printable(value.replaceAll(/[\t\n]/g, ' '))
  const cut = shown.length > longest ? `${shown.slice(0, longest)}...` : shown
  return /^[\w.,:;@<>()/+*-]+$/.test(cut) ? cut : JSON.stringify(cut)
}

const longest = 500
