import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { createHistoryReader } from '../../src/git/history-reader.ts'
import { openLoreArchive } from '../../src/sources/lore-git.ts'
import { openLoreHttp } from '../../src/sources/lore-http.ts'
import { createWeb } from '../../src/sources/web.ts'
import { startArchiveServer } from '../support/archive-server.ts'
import { testNow } from '../support/mails.ts'
import { addToMirror } from '../support/mirror.ts'
import { describeWatchedList, type ListWorld } from './watched-list.ts'

const newDirectory = (): string => mkdtempSync(join(tmpdir(), 'kbuild-review-source-'))
const clock = (): number => testNow + 24 * 3_600_000

describe('a mirror', () => {
  describeWatchedList(async () => {
    const directory = newDirectory()
    const mirror = join(directory, 'boards')
    addToMirror(mirror, 0, [])
    const world: ListWorld = {
      put: (mails) => {
        addToMirror(
          mirror,
          0,
          mails.map(({ mail, at }) => ({ kind: 'mail', mail, postedAt: at })),
        )
        return Promise.resolve()
      },
      open: () =>
        openLoreArchive({
          directory: mirror,
          name: 'boards',
          reader: createHistoryReader(process.env),
          cacheDirectory: join(directory, 'cache'),
          clock,
        }),
      close: () => {
        removeDirectory(directory)
        return Promise.resolve()
      },
    }
    return Promise.resolve(world)
  })
})

describe('a list read over HTTP', () => {
  describeWatchedList(async () => {
    const cacheDirectory = newDirectory()
    const server = await startArchiveServer()
    const { signal } = new AbortController()
    return {
      put: (mails) => {
        server.mails.push(...mails.map(({ id, mail, at }) => ({ id, mail, receivedAt: at })))
        return Promise.resolve()
      },
      open: () => {
        const web = createWeb({ userAgent: 'test', pauseMs: 0, clock, signal, directory: cacheDirectory })
        return Promise.resolve(
          openLoreHttp({ url: server.url, name: 'boards', web, clock, everyMs: 0, cacheDirectory }),
        )
      },
      close: async () => {
        await server.close()
        removeDirectory(cacheDirectory)
      },
    }
  })
})
