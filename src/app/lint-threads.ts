import type { Worker } from 'node:worker_threads'
import { isKconfig } from '../review/world.ts'
import { countFiles, partOf, type LintProgress, type TreePart } from '../review/lint-tree.ts'
import type { RunResult } from '../review/run-rules.ts'
import type { LintAnswer, LintOrder, LintTask } from './lint-worker.ts'
import { startLintThreads } from './start-lint-threads.ts'

export type ThreadedLint = LintTask & {
  /** Threads that were started earlier, and are ended with this lint. */
  readonly workers?: readonly Worker[]
  /** The files that are looked at together, and all directories of the tree: asked for while the threads start. */
  readonly list: () => { readonly batches: readonly (readonly string[])[]; readonly listing: Uint8Array }
  readonly onProgress: (progress: LintProgress) => void
  readonly signal?: AbortSignal
}

/**
 * What rules say of each batch, in their order, worked out in two threads: one for the files of architectures, which take a model of each,
 * and one for the other makefiles of the kernel. Those of tools/ and the other Kconfig files are for whichever has done its own. The first
 * thread starts with Kconfig files, so that it finds the model of the usual architecture made by the second, where models are kept. Rejects
 * where a thread fails, and with the signal's reason where that is set.
 */
export async function lintInThreads({ list, onProgress, signal, ...rest }: ThreadedLint): Promise<RunResult[]> {
  signal?.throwIfAborted()
  const { workers = startLintThreads(), ...task } = rest
  const stop = new AbortController()
  const stopped = AbortSignal.any(signal === undefined ? [stop.signal] : [stop.signal, signal])
  for (const worker of workers) stopped.addEventListener('abort', () => void worker.terminate(), { once: true })
  try {
    for (const worker of workers) worker.postMessage(task)
    const { batches, listing } = list()
    const results = new Map<number, RunResult>()
    const total = countFiles(batches)
    let done = 0
    const take = ({ batch, result }: Extract<LintAnswer, { kind: 'done' }>): void => {
      results.set(batch, result)
      done += batches[batch]?.length ?? 0
      onProgress({ done, total })
    }
    const shares = sharesOf(batches, shared(listing))
    const next = (number: number): LintOrder => shares[number]?.() ?? null
    await Promise.all(
      workers.map((worker, number) => runThread(worker, { next: () => next(number), take, signal: stopped })),
    )
    return batches.flatMap((_, number) => results.get(number) ?? [])
  } finally {
    stop.abort()
  }
}

/** Bytes in memory that all threads see. */
function shared(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes
  const all = new Uint8Array(new SharedArrayBuffer(bytes.length))
  all.set(bytes)
  return all
}

/** Gives a thread its next batch; null where there is none any more. */
type Share = () => LintOrder

/** What each thread does: its own batches in their order, and then of those that are for both what is left. */
function sharesOf(batches: readonly (readonly string[])[], listing: Uint8Array): readonly Share[] {
  const numbered = batches.map((paths, batch) => ({ batch, paths }))
  const where = (part: TreePart, isOfKconfig: boolean): typeof numbered =>
    numbered.filter(({ paths: [path = ''] }) => partOf(path) === part && isKconfig(path) === isOfKconfig)
  const kconfig = where('kernel', true)
  const common = [...where('tools', false), ...where('tools', true), ...kconfig]
  const own = [[...where('arch', true), ...where('arch', false)], where('kernel', false)]
  // The symbols of an architecture come from all Kconfig files.
  const reads = [kconfig, []]
  return own.map((share, thread) => {
    const ahead = [...share, ...(reads[thread] ?? [])].flatMap(({ paths }) => paths)
    let first: NonNullable<LintOrder>['first'] = { ahead, listing }
    return () => {
      const next = share.shift() ?? common.shift()
      if (next === undefined) return null
      const order = { ...next, first }
      first = null
      return order
    }
  })
}

type Run = {
  readonly next: Share
  readonly take: (answer: Extract<LintAnswer, { kind: 'done' }>) => void
  readonly signal: AbortSignal
}

/** Ends with the thread: well where it has done all, else with what it failed by. */
function runThread(worker: Worker, { next, take, signal }: Run): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('the lint was stopped'))
    signal.addEventListener('abort', abort)
    worker.ref()
    worker.on('message', (answer: LintAnswer) => {
      worker.postMessage(next())
      if (answer.kind === 'done') take(answer)
    })
    worker.on('error', reject)
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', abort)
      if (code === 0) resolve()
      else reject(new Error(`a thread of the lint ended with ${code}`))
    })
  })
}
