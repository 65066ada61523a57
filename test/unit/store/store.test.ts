import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { moveCursor, sourceState } from '../../../src/store/mails.ts'
import { versionById } from '../../../src/store/versions.ts'
import { haveVersion, storeFiles } from '../../support/store.ts'

const files = storeFiles()
const program = new URL('count-program.ts', import.meta.url).pathname

describe('the state', () => {
  it('is made where there is none, and is on the disk when a transaction has ended', async () => {
    const store = await files.open()
    const pragma = async (name: string): Promise<unknown> =>
      Object.values((await sql<object>`${sql.raw(`pragma ${name}`)}`.execute(store.records)).rows[0] ?? {})[0]
    expect(await pragma('journal_mode')).toBe('wal')
    expect(await pragma('synchronous')).toBe(2)
    expect(await pragma('foreign_keys')).toBe(1)
  })

  it('is opened by several processes at once, of which one makes the tables', async () => {
    const path = files.path()
    const run = promisify(execFile)
    await Promise.all([1, 2, 3].map((name) => run(process.execPath, [program, path, `process-${name}`, '50'])))
    const { records } = await files.open(path)
    expect(await sourceState(records, 'counted')).toMatchObject({ cursor: '150' })
  })

  it('keeps all of a transaction or nothing of it', async () => {
    const store = await files.open()
    await moveCursor(store.records, 'boards', { cursor: '1', at: 1 })
    const broken = store.transaction(async (records) => {
      await moveCursor(records, 'boards', { cursor: '2', at: 2 })
      throw new Error('the disk is full')
    })
    await expect(broken).rejects.toThrow('the disk is full')
    expect(await sourceState(store.records, 'boards')).toMatchObject({ cursor: '1' })
  })

  it('says that the disk is full, and goes on where it stood when there is room again', async () => {
    const store = await files.open()
    const pragma = (text: string) =>
      sql<{ readonly value: number }>`${sql.raw(`pragma ${text}`)}`.execute(store.records)
    await moveCursor(store.records, 'boards', { cursor: '1', at: 1 })
    const fill = (): Promise<void> =>
      store.transaction((records) => moveCursor(records, 'boards', { cursor: 'c'.repeat(500_000), at: 2 }))
    await pragma('max_page_count = 1')
    await expect(fill()).rejects.toThrow('database or disk is full')
    expect(await sourceState(store.records, 'boards')).toMatchObject({ cursor: '1' })
    await pragma('max_page_count = 1000000')
    await fill()
    expect((await sourceState(store.records, 'boards')).cursor).toHaveLength(500_000)
  })

  it('goes on with the tables of the release before, whose versions say nothing of stable releases', async () => {
    const path = files.path()
    const store = await files.open(path)
    const id = await haveVersion(store, { release: '6.1' })
    await store.close()
    const database = new DatabaseSync(path)
    database.exec('alter table versions drop column release; pragma user_version = 3')
    database.close()
    expect(await versionById((await files.open(path)).records, id)).toMatchObject({
      head: 'v1-0@boards',
      release: null,
    })
  })

  it('is refused where a newer release wrote it, with both versions', async () => {
    const path = files.path()
    await (await files.open(path)).close()
    const database = new DatabaseSync(path)
    database.exec('pragma user_version = 99')
    database.close()
    await expect(files.open(path)).rejects.toThrow(/state\.sqlite`: its tables are of version 99, .* up to 4/)
  })

  it('is refused where the file is something else, with its name', async () => {
    const path = files.path()
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, 'drivers/boards/ is not a database, however long this line may be\n'.repeat(20))
    await expect(files.open(path)).rejects.toThrow(/cannot use the state in `.*state\.sqlite`: file is not a database/)
  })
})
