import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { SqliteDialect, type SqliteDatabase } from 'kysely'

/**
 * How long a statement waits for another process's transaction (milliseconds); ours take some milliseconds each. The whole process
 * waits then: one that opened a file twice would wait for itself.
 */
const busyTimeoutMs = 10_000

/**
 * Kysely's dialect for SQLite over Node's own `node:sqlite`. What is committed is on the disk (`synchronous=FULL`), and any number
 * of processes may use the file at once (WAL). A transaction takes the write lock when it begins: one that began by reading could
 * not get it any more once another process has written (https://www.sqlite.org/isolation.html, SQLITE_BUSY_SNAPSHOT).
 * Throws what `node:sqlite` throws where the file cannot be opened.
 */
export function createDialect(path: string): SqliteDialect {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs })
  try {
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  } catch (error) {
    database.close()
    throw error
  }
  return new SqliteDialect({ database: asKyselyNeedsIt(database) })
}

/** `node:sqlite` in the words of better-sqlite3, which Kysely speaks. */
function asKyselyNeedsIt(database: DatabaseSync): SqliteDatabase {
  // After some errors, a full disk among them, SQLite has rolled back by itself (https://www.sqlite.org/lang_transaction.html
  // §3): to do so again fails, and that would be told instead of the error.
  const isOver = (sql: string): boolean => sql === 'rollback' && !database.isTransaction
  const nothingDone = { changes: 0, lastInsertRowid: 0 }
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const statement = database.prepare(sql === 'begin' ? 'begin immediate' : sql)
      return {
        reader: statement.columns().length > 0,
        all: (values) => statement.all(...bindable(values)),
        run: (values) => (isOver(sql) ? nothingDone : statement.run(...bindable(values))),
        iterate: (values) => statement.iterate(...bindable(values)),
      }
    },
  }
}

/** SQLite has no booleans, and our tables have none: what cannot be bound `node:sqlite` refuses by itself. */
function bindable(values: readonly unknown[]): SQLInputValue[] {
  // Kysely hands on what the schema's types let through: strings, numbers and null.
  return values as SQLInputValue[]
}
