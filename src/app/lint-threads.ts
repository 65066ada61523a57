import { getCompileCacheDir } from 'node:module'
import { Worker } from 'node:worker_threads'
import { countFiles, isOfArchitecture, type LintProgress } from '../review/lint-tree.ts'
import type { RunResult } from '../review/run-rules.ts'
import type { LintAnswer, LintTask } from './lint-worker.ts'

export type ThreadedLint = Omit<LintTask, 'batches'> & {
  readonly batches: readonly (readonly string[])[]
  readonly onProgress: (progress: LintProgress) => void
  readonly signal?: AbortSignal
}

/**
 * Megabytes for what is young in a thread's heap. Work on a tree makes garbage in large heaps at a time; with the 48 MB that are usual, a
 * fifth of the time goes into collecting it.
 */
const youngMb = 96

/**
 * What rules say of each batch, in their order, worked out in two threads: one for the files of architectures, which take a model of each,
 * and one for all others. Rejects where a thread fails, and with the signal's reason where that is set.
 */
export async function lintInThreads({ batches, onProgress, signal, ...task }: ThreadedLint): Promise<RunResult[]> {
  signal?.throwIfAborted()
  const results = new Map<number, RunResult>()
  const total = countFiles(batches)
  let done = 0
  const take = ({ batch, result }: LintAnswer): void => {
    results.set(batch, result)
    done += batches[batch]?.length ?? 0
    onProgress({ done, total })
  }
  const numbered = batches.map((paths, number) => [number, paths] as const)
  const shares = [true, false].map((share) => numbered.filter(([, paths]) => paths.some(isOfArchitecture) === share))
  const stop = new AbortController()
  const stopped = AbortSignal.any(signal === undefined ? [stop.signal] : [stop.signal, signal])
  try {
    await Promise.all(shares.map((share) => runThread({ ...task, batches: share }, take, stopped)))
  } finally {
    stop.abort()
  }
  return batches.flatMap((_, number) => results.get(number) ?? [])
}

/** Ends with the thread: well where it has done all, else with what it failed by. */
function runThread(task: LintTask, take: (answer: LintAnswer) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // Compiled, the module beside this one ends in .js.
    const file = import.meta.url.endsWith('.ts') ? './lint-worker.ts' : './lint-worker.js'
    const module = new URL(file, import.meta.url).href
    const worker = new Worker(starter(module, getCompileCacheDir()), {
      eval: true,
      workerData: task,
      resourceLimits: { maxYoungGenerationSizeMb: youngMb },
    })
    const abort = (): void => {
      void worker.terminate()
      reject(signal.reason instanceof Error ? signal.reason : new Error('the lint was stopped'))
    }
    signal.addEventListener('abort', abort)
    worker.on('message', take)
    worker.on('error', reject)
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', abort)
      if (code === 0) resolve()
      else reject(new Error(`a thread of the lint ended with ${code}`))
    })
  })
}

/** Runs a module with the compile cache of the process, which a thread does not take over by itself. */
function starter(module: string, compileCache: string | undefined): string {
  const enable =
    compileCache === undefined ? '' : `require('node:module').enableCompileCache(${JSON.stringify(compileCache)})\n`
  return `${enable}import(${JSON.stringify(module)})`
}
