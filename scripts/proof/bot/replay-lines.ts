import { existsSync, readFileSync } from 'node:fs'

/** What a replay notes. `at` is in milliseconds of the process that began last; `now` is the time of the replay. */
export type ReplayLine =
  | { readonly kind: 'begun'; readonly at: number }
  | { readonly kind: 'mail'; readonly at: number; readonly now: number; readonly id: string }
  /** Bytes while series are judged, and when the judge has ended, as it does where a minute brings nothing; milliseconds of CPU time so far. */
  | {
      readonly kind: 'memory'
      readonly mails: number
      readonly rss: number
      readonly rest: number
      readonly cpu: number
    }
  | {
      readonly kind: 'event'
      readonly at: number
      readonly now: number
      readonly event: string
      readonly fields: Readonly<Record<string, string | number>>
    }

/** The lines of a replay; one that was cut off by the end of its process is left out. */
export function readReplayLines(path: string): readonly ReplayLine[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        // written by replay-worker.ts alone
        return [JSON.parse(line) as ReplayLine]
      } catch {
        return []
      }
    })
}
