import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Kysely, type Transaction } from 'kysely'
import { migrate, StoreError } from './migrations.ts'
import type { Schema } from './schema.ts'
import { createDialect } from './sqlite-dialect.ts'

/** What the functions of this room work on: the state, or a transaction of it. */
export type Records = Kysely<Schema>

/** What the bot remembers, in one SQLite file. Close it. */
export type Store = {
  readonly records: Records
  /**
   * Does all of `work` or nothing of it, alone among all processes. It must not wait for anything but the records: others wait
   * meanwhile.
   */
  transaction<T>(work: (records: Transaction<Schema>) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * Opens the state in a file, which is made with its directory where there is none; once a process. Throws `StoreError` where that
 * cannot be.
 */
export async function openStore(path: string): Promise<Store> {
  let records: Records | null = null
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    records = new Kysely<Schema>({ dialect: createDialect(path) })
    await migrate(records)
    return storeOf(records)
  } catch (error) {
    await records?.destroy()
    const reason = error instanceof Error ? error.message : String(error)
    throw new StoreError(`cannot use the state in \`${path}\`: ${reason}`, { cause: error })
  }
}

function storeOf(records: Records): Store {
  return {
    records,
    transaction: (work) => records.transaction().execute(work),
    close: () => records.destroy(),
  }
}
