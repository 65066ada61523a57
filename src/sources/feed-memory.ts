import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** When a feed was last asked, and the ETag of what it answered. */
export type FeedState = { readonly askedAt: number; readonly tag: string | null }

/** What is remembered of a feed between two looks, of whatever process. To lose it costs one request. */
export type FeedMemory = {
  /** What the look before left that ended at this cursor; null where another one did, or none. */
  read(cursor: string | undefined): Promise<FeedState | null>
  write(state: FeedState & { readonly cursor: string | undefined }): Promise<void>
}

const shape = z.strictObject({ cursor: z.string(), askedAt: z.number(), tag: z.string().max(1000).nullable() })

/** The memory of the feed at an address, in a file of the cache directory. */
export function createFeedMemory(cacheDirectory: string, url: string): FeedMemory {
  const path = join(cacheDirectory, 'web', `${hash(url).slice(0, 16)}.feed`)
  return {
    read: async (cursor) => {
      try {
        const state = shape.parse(JSON.parse(await readFile(path, 'utf8')))
        return state.cursor === hash(cursor ?? '') ? { askedAt: state.askedAt, tag: state.tag } : null
      } catch {
        return null
      }
    },
    write: async ({ cursor, askedAt, tag }) => {
      await mkdir(dirname(path), { recursive: true })
      const temporary = `${path}.${randomUUID()}`
      await writeFile(temporary, JSON.stringify({ cursor: hash(cursor ?? ''), askedAt, tag }), { mode: 0o600 })
      await rename(temporary, path)
    },
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
