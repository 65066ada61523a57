import { tmpdir } from 'node:os'
import { openScratch, type Scratch } from '../git/scratch.ts'
import { startOwnModule, type OwnModule } from '../processes/own-module.ts'
import type { Review } from '../review/review.ts'
import type { Series } from '../series/series.ts'
import type { JudgeAnswer, JudgeQuestion, JudgeTask } from './judge-process.ts'

/**
 * Judges series as `judgeSeries` does, but in a process of its own, one after the other: who waits can do other work, or stop, and what a series
 * takes of memory goes back to the system.
 */
export type JudgeAside = {
  /** Rejects with the signal's reason where that is set, at once: the process is ended in the middle of its work. */
  judge(series: Series, signal: AbortSignal): Promise<Review>
  close(): Promise<void>
}

export type JudgeAsideOptions = Omit<JudgeTask, 'temporaryDirectory'> & {
  readonly limits?: Partial<JudgeLimits>
}

/** What a process may take before it is ended. */
export type JudgeLimits = {
  /** Megabytes that its heap may have; a series that wants more fails. */
  readonly heapMb: number
  /** Megabytes of heap after a series beyond which the next series gets a new process. */
  readonly keptMb: number
  /** How long one series may take, and how much longer for each of its patches (milliseconds). */
  readonly seriesMs: number
  readonly patchMs: number
  /** A process that has had nothing to do for so long is ended: the next one sees the kernel as it is then (milliseconds). */
  readonly idleMs: number
}

/**
 * What is known of one kernel is 0.3 GB, and of each other base that a series names as much; models keep what series need in common. The
 * largest series of linux-kbuild has 332 patches: a minute's work, and half an hour's on a machine that others need as well. The heap and
 * the rest of the bot fit into the `MemoryMax` of deploy/systemd, so that the process is ended by us, and not the bot by the kernel.
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

/** A judge whose process is started when it is first needed. Close it. */
export function createJudgeAside({ limits, ...task }: JudgeAsideOptions): JudgeAside {
  return new Judge(task, { ...defaultJudgeLimits, ...limits })
}

type Running = { readonly own: OwnModule; readonly scratch: Scratch }

class Judge implements JudgeAside {
  readonly #task: Omit<JudgeTask, 'temporaryDirectory'>
  readonly #limits: JudgeLimits
  #running: Running | null = null
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
    const { own, scratch } = (this.#running ??= this.#start())
    const task: JudgeTask = { ...this.#task, temporaryDirectory: scratch.path }
    let answer: JudgeAnswer
    try {
      const { seriesMs, patchMs } = this.#limits
      answer = await ask(own, { task, series }, { signal, mostMs: seriesMs + patchMs * series.patches.length })
    } catch (error) {
      await this.#end()
      throw error
    }
    if (answer.heapMb > this.#limits.keptMb) await this.#end()
    else this.#idle = setTimeout(() => void this.#end(), this.#limits.idleMs).unref()
    if (answer.kind === 'failed') throw Object.assign(new Error(answer.reason), { code: answer.code })
    return answer.review
  }

  #start(): Running {
    const scratch = openScratch(tmpdir())
    const { heapMb: oldMb } = this.#limits
    const own = startOwnModule(judgeProcess, { oldMb, youngMb, env: this.#task.env })
    // One that ends between two series is started again for the next.
    void own.ended.then(() => {
      if (this.#running?.own === own) this.#running = null
      scratch.close()
    })
    return { own, scratch }
  }

  async #end(): Promise<void> {
    const running = this.#running
    this.#running = null
    if (this.#idle) clearTimeout(this.#idle)
    await running?.own.end()
  }
}

/** Compiled, the module beside this one ends in .js. */
const judgeProcess = new URL(
  import.meta.url.endsWith('.ts') ? './judge-process.ts' : './judge-process.js',
  import.meta.url,
)

type Patience = { readonly signal: AbortSignal; readonly mostMs: number }

/** What a process answers to a series; rejects where it ends instead, takes too long, or is no longer waited for. */
function ask(
  { process, ended }: OwnModule,
  question: JudgeQuestion,
  { signal, mostMs }: Patience,
): Promise<JudgeAnswer> {
  const listening = new AbortController()
  return new Promise<JudgeAnswer>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not judged within ${mostMs / 1000} s`)), mostMs)
    const aborted = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'))
    // What comes from it is what our own module sends.
    const answered = (answer: unknown): void => resolve(answer as JudgeAnswer)
    const failed = (error: Error): void =>
      reject(new Error(`the process that judges: ${error.message}`, { cause: error }))
    void ended.then(failed)
    signal.addEventListener('abort', aborted, { signal: listening.signal })
    process.once('message', answered)
    listening.signal.addEventListener('abort', () => {
      clearTimeout(late)
      process.off('message', answered)
    })
    process.send(question, (error) => error && failed(error))
  }).finally(() => listening.abort())
}
