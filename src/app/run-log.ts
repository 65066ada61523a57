import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { isAlive } from '../processes/life.ts'

/** A file of JSON lines that a run appends to, and goes on with after it was cut off. */
export type RunLog = {
  /** The ids of the lines that were there when it was opened. */
  readonly done: ReadonlySet<string>
  /** Appends lines; they are on the disk when it returns. */
  append(lines: readonly object[]): void
  close(): void
}

/** The file belongs to a run with other options, or another process writes it. */
export class RunLogError extends Error {
  readonly code = 'run-log'
}

type RunLogOptions = {
  readonly path: string
  /** What the lines depend on. A file that was begun with something else is refused. */
  readonly run: object
  /** The id of a line that was read back; null where it has none. */
  readonly idOf: (line: unknown) => string | null
}

/**
 * Opens a log, drops a last line that was cut off, and says which lines are there. Beside it stand `PATH.run`, what the run
 * depends on, and, while it is open, `PATH.lock` with the process id.
 */
export function openRunLog({ path, run, idOf }: RunLogOptions): RunLog {
  if (!existsSync(dirname(path))) throw new RunLogError(`there is no directory \`${dirname(path)}\``)
  const unlock = lock(`${path}.lock`)
  try {
    checkRun(path, run)
    const file = openSync(path, 'a+')
    const done = readBack(file, idOf)
    return {
      done,
      append: (lines) => {
        // Unlike writeSync() it goes on until all is written, or throws: a full disk takes a part and then nothing.
        writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
        fsyncSync(file)
      },
      close: () => {
        closeSync(file)
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

function checkRun(path: string, run: object): void {
  const text = `${JSON.stringify({ ...run, digest: createHash('sha256').update(JSON.stringify(run)).digest('hex') })}\n`
  const stamp = `${path}.run`
  if (!existsSync(path)) writeFileSync(stamp, text)
  else if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== text) {
    throw new RunLogError(`\`${path}\` was begun with other options; name another file, or remove it and \`${stamp}\``)
  }
}

/** The ids of the whole lines; what follows the last newline is cut off. */
function readBack(file: number, idOf: (line: unknown) => string | null): Set<string> {
  const chunks: Buffer[] = []
  const chunk = Buffer.alloc(1 << 20)
  for (let at = 0, count = -1; count !== 0; at += count) {
    count = readSync(file, chunk, 0, chunk.length, at)
    chunks.push(Buffer.from(chunk.subarray(0, count)))
  }
  const bytes = Buffer.concat(chunks)
  const end = bytes.lastIndexOf('\n') + 1
  if (end < bytes.length) ftruncateSync(file, end)
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1)
  return new Set(lines.map((line) => idOf(JSON.parse(line) as unknown)).filter((id) => id !== null))
}

/** Takes a lock file; one whose process is gone is taken over. It is linked into place, so that nobody reads it half written. */
function lock(path: string): () => void {
  const own = `${path}.${process.pid}`
  writeFileSync(own, String(process.pid))
  try {
    while (!link(own, path)) {
      const owner = Number(readFileSync(path, 'utf8'))
      if (isAlive(owner)) throw new RunLogError(`process ${owner} writes it; \`${path}\` says so`)
      rmSync(path, { force: true })
    }
  } finally {
    rmSync(own, { force: true })
  }
  return () => rmSync(path, { force: true })
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (isExisting(error)) return false
    throw error
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}
