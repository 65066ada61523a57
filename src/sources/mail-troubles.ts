import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** A mail that a server lists and does not hand out: since when, how often it was asked for, and until when it is left alone (milliseconds since 1970). */
export type MailTrouble = { readonly since: number; readonly tries: number; readonly notBefore: number }

/** The mails of a list that a server does not hand out, by Message-ID, as they are remembered between two looks. */
export type MailTroubles = ReadonlyMap<string, MailTrouble>

/** First after two minutes, each time twice as long; with the last try the mail is given up, four hours later. */
const firstWaitMs = 120_000
const mostTries = 8

const shape = z.record(z.string(), z.strictObject({ since: z.number(), tries: z.number(), notBefore: z.number() }))

/** What is remembered after one more try that failed; null where that was the last one. */
export function troubleAfter(earlier: MailTrouble | undefined, now: number): MailTrouble | null {
  const tries = (earlier?.tries ?? 0) + 1
  if (tries >= mostTries) return null
  return { since: earlier?.since ?? now, tries, notBefore: now + firstWaitMs * 2 ** (tries - 1) }
}

/** A file of the cache directory; to lose it costs some more tries. */
export function createTroubleFile(
  cacheDirectory: string,
  url: string,
): { readonly read: () => Promise<MailTroubles>; readonly write: (troubles: MailTroubles) => Promise<void> } {
  const name = createHash('sha256').update(url).digest('hex').slice(0, 16)
  const path = join(cacheDirectory, 'web', `${name}.troubles`)
  return {
    read: async () => {
      try {
        return new Map(Object.entries(shape.parse(JSON.parse(await readFile(path, 'utf8')))))
      } catch {
        return new Map()
      }
    },
    write: async (troubles) => {
      await mkdir(dirname(path), { recursive: true })
      const temporary = `${path}.${randomUUID()}`
      await writeFile(temporary, JSON.stringify(Object.fromEntries(troubles)), { mode: 0o600 })
      await rename(temporary, path)
    },
  }
}
