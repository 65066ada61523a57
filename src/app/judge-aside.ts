import { getCompileCacheDir } from 'node:module'
import { tmpdir } from 'node:os'
import { Worker } from 'node:worker_threads'
import { openScratch, type Scratch } from '../git/scratch.ts'
import type { Review } from '../review/review.ts'
import type { Series } from '../series/series.ts'
import type { JudgeAnswer, JudgeTask } from './judge-thread.ts'

/** Judges series as `judgeSeries` does, but in a thread of its own, one after the other: who waits can do other work, or stop. */
export type JudgeAside = {
  /** Rejects with the signal's reason where that is set, at once: the thread is ended in the middle of its work. */
  judge(series: Series, signal: AbortSignal): Promise<Review>
  close(): Promise<void>
}

export type JudgeAsideOptions = Omit<JudgeTask, 'temporaryDirectory'> & {
  readonly limits?: Partial<JudgeLimits>
}

/** What a thread may take before it is ended. */
export type JudgeLimits = {
  /** Megabytes that its heap may have; a series that wants more fails. */
  readonly heapMb: number
  /** Megabytes of heap after a series beyond which the next series gets a new thread. */
  readonly keptMb: number
  /** How long one series may take, and how much longer for each of its patches (milliseconds). */
  readonly seriesMs: number
  readonly patchMs: number
  /** A thread that has had nothing to do for so long is ended: the next one sees the kernel as it is then (milliseconds). */
  readonly idleMs: number
}

/**
 * What is known of one kernel is 0.3 GB, and of each other base that a series names as much; models keep what series need in common. The
 * largest series of linux-kbuild has 332 patches: a minute's work, and half an hour's on a machine that others need as well. The heap and
 * the rest of the process fit into the `MemoryMax` of deploy/systemd, so that the thread is ended by us, and not the bot by the kernel.
 */
export const defaultJudgeLimits: JudgeLimits = {
  heapMb: 2560,
  keptMb: 1024,
  seriesMs: 10 * 60_000,
  patchMs: 10_000,
  idleMs: 60_000,
}

/** As for the threads of a lint: work on a tree makes garbage in large heaps at a time (megabytes). */
const youngMb = 96

/** A judge whose thread is started when it is first needed. Close it. */
export function createJudgeAside({ limits, ...task }: JudgeAsideOptions): JudgeAside {
  return new Judge(task, { ...defaultJudgeLimits, ...limits })
}

type Thread = { readonly worker: Worker; readonly scratch: Scratch }

class Judge implements JudgeAside {
  readonly #task: Omit<JudgeTask, 'temporaryDirectory'>
  readonly #limits: JudgeLimits
  #thread: Thread | null = null
  #idle: NodeJS.Timeout | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(task: Omit<JudgeTask, 'temporaryDirectory'>, limits: JudgeLimits) {
    this.#task = task
    this.#limits = limits
  }

  judge(series: Series, signal: AbortSignal): Promise<Review> {
    const judged = this.#last.then(() => this.#judge(series, signal))
    this.#last = judged.catch(() => undefined)
    return judged
  }

  async close(): Promise<void> {
    await this.#last
    await this.#end()
  }

  async #judge(series: Series, signal: AbortSignal): Promise<Review> {
    signal.throwIfAborted()
    if (this.#idle) clearTimeout(this.#idle)
    const thread = (this.#thread ??= this.#start())
    let answer: JudgeAnswer
    try {
      const { seriesMs, patchMs } = this.#limits
      answer = await ask(thread.worker, series, { signal, mostMs: seriesMs + patchMs * series.patches.length })
    } catch (error) {
      await this.#end()
      throw error
    }
    if (answer.heapMb > this.#limits.keptMb) await this.#end()
    else this.#idle = setTimeout(() => void this.#end(), this.#limits.idleMs).unref()
    if (answer.kind === 'failed') throw Object.assign(new Error(answer.reason), { code: answer.code })
    return answer.review
  }

  #start(): Thread {
    const scratch = openScratch(tmpdir())
    const task: JudgeTask = { ...this.#task, temporaryDirectory: scratch.path }
    const worker = new Worker(starter(getCompileCacheDir()), {
      eval: true,
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.heapMb, maxYoungGenerationSizeMb: youngMb },
    })
    // One that ends between two series is started again for the next.
    worker.on('error', () => undefined)
    worker.on('exit', () => {
      if (this.#thread?.worker === worker) this.#thread = null
      scratch.close()
    })
    worker.unref()
    return { worker, scratch }
  }

  async #end(): Promise<void> {
    const thread = this.#thread
    this.#thread = null
    if (this.#idle) clearTimeout(this.#idle)
    await thread?.worker.terminate()
  }
}

type Patience = { readonly signal: AbortSignal; readonly mostMs: number }

/** What a thread answers to a series; rejects where it ends instead, takes too long, or is no longer waited for. */
function ask(worker: Worker, series: Series, { signal, mostMs }: Patience): Promise<JudgeAnswer> {
  const listening = new AbortController()
  return new Promise<JudgeAnswer>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not judged within ${mostMs / 1000} s`)), mostMs)
    const aborted = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'))
    const gone = (code: number): void => reject(new Error(`the thread that judges ended with ${code}`))
    signal.addEventListener('abort', aborted, { signal: listening.signal })
    worker.once('message', resolve).once('error', reject).once('exit', gone)
    listening.signal.addEventListener('abort', () => {
      clearTimeout(late)
      worker.off('message', resolve).off('error', reject).off('exit', gone)
    })
    worker.postMessage(series)
  }).finally(() => listening.abort())
}

/** Runs the module beside this one with the compile cache of the process, which a thread does not take over by itself. */
function starter(compileCache: string | undefined): string {
  // Compiled, that module ends in .js.
  const file = import.meta.url.endsWith('.ts') ? './judge-thread.ts' : './judge-thread.js'
  const enable =
    compileCache === undefined ? '' : `require('node:module').enableCompileCache(${JSON.stringify(compileCache)})\n`
  return `${enable}import(${JSON.stringify(new URL(file, import.meta.url).href)})`
}
