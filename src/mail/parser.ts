import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { toBuffer, withoutFromLine } from './identify.ts'
import { refuse } from './limits.ts'
import type { ReadResult } from './message.ts'
import type { Answer, Job } from './parser-worker.ts'
import type { ReadOptions } from './read.ts'

/** Reads mails as `readMessage` does, but aside, so that a mail made to be slow holds up nobody. */
export type MailParser = {
  /** What `readMessage` gives; refused as `timeout` where it takes too long, as `parser-failed` where it ends its thread. */
  parse(raw: Uint8Array, options: ReadOptions): Promise<ReadResult>
  /** Ends the threads. What is still being read is refused. */
  close(): Promise<void>
}

/** How many threads, and how much of the processor's time one mail may take once a thread has it. */
export type ParserOptions = { readonly workers: number; readonly timeoutMs: number }

type Task = Job & { readonly done: (result: ReadResult) => void }
/** A mail that is being read: the time of the processor that its thread had taken before, and when it has taken too long whatever that is by then. */
type Watch = {
  readonly task: Task
  readonly before: Promise<number>
  readonly leftMs: number
  readonly until: number
}
type Thread = { readonly worker: Worker; task: Task | null; timer: NodeJS.Timeout | null; ready: boolean }

/** Mails of 4 MB were read with some 30 MB; a thread that wants more than this is ended. */
const heapMb = 512
/** On a machine that others need as well, a mail may take so many times as long by the clock. */
const patience = 20
/** Starting a thread loads the parser: some tenths of a second, and it must not count as the mail's time. */
const startMs = 60_000

/** Threads that read mails. They are started when they are first needed, and do not keep the process alive when idle. */
export function createMailParser(options: ParserOptions): MailParser {
  return new ThreadPool(options)
}

class ThreadPool implements MailParser {
  readonly #options: ParserOptions
  readonly #threads = new Set<Thread>()
  readonly #queue: Task[] = []
  #closed = false

  constructor(options: ParserOptions) {
    this.#options = options
  }

  parse(raw: Uint8Array, options: ReadOptions): Promise<ReadResult> {
    if (this.#closed) return Promise.resolve(refuse('parser-failed', 'the parser is closed'))
    return new Promise((resolve) => {
      this.#queue.push({ raw, options, done: (result) => resolve(withRaw(result, raw)) })
      this.#dispatch()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    const refusal = refuse('parser-failed', 'the parser was closed')
    for (const task of this.#queue.splice(0)) task.done(refusal)
    const ending = [...this.#threads]
    this.#threads.clear()
    for (const thread of ending) settle(thread, refusal)
    await Promise.all(ending.map(({ worker }) => worker.terminate()))
  }

  #dispatch(): void {
    for (const thread of this.#threads) {
      const task = thread.ready && thread.task === null ? this.#queue.shift() : undefined
      if (task) this.#assign(thread, task)
    }
    while (this.#queue.length > 0 && this.#threads.size < this.#options.workers) {
      const task = this.#queue.shift()
      if (task) this.#start(task)
    }
  }

  #start(task: Task): void {
    const worker = new Worker(workerEntry, { resourceLimits: { maxOldGenerationSizeMb: heapMb } })
    const late = (): void => this.#end(thread, refuse('timeout', `the parser did not start within ${startMs} ms`))
    const thread: Thread = { worker, task, timer: setTimeout(late, startMs), ready: false }
    this.#threads.add(thread)
    worker.on('message', (answer: Answer) => this.#heard(thread, answer))
    worker.on('error', (error) => this.#end(thread, refuse('parser-failed', `the parser failed: ${messageOf(error)}`)))
    worker.on('exit', () => this.#end(thread, refuse('parser-failed', 'the thread of the parser ended')))
    // Last: listening for messages holds the process again. While a task runs, its timer does.
    worker.unref()
  }

  #assign(thread: Thread, task: Task): void {
    const { timeoutMs } = this.#options
    if (thread.timer) clearTimeout(thread.timer)
    thread.task = task
    this.#watch(thread, {
      ...{ task, leftMs: timeoutMs, until: performance.now() + patience * timeoutMs },
      before: cpuMs(thread.worker, timeoutMs),
    })
    const raw = new Uint8Array(task.raw)
    thread.worker.postMessage({ raw, options: task.options } satisfies Job, [raw.buffer])
  }

  #watch(thread: Thread, watch: Watch): void {
    thread.timer = setTimeout(() => void this.#look(thread, watch), watch.leftMs)
  }

  /** A mail that was not read by now has taken too long only where its thread had the processor. */
  async #look(thread: Thread, watch: Watch): Promise<void> {
    const { timeoutMs } = this.#options
    const used = (await cpuMs(thread.worker, timeoutMs)) - (await watch.before)
    if (thread.task !== watch.task) return
    const leftMs = Math.min(timeoutMs, Math.ceil(timeoutMs - used))
    if (leftMs > 0 && performance.now() < watch.until) this.#watch(thread, { ...watch, leftMs })
    else this.#end(thread, refuse('timeout', `not read within ${timeoutMs} ms`))
  }

  #heard(thread: Thread, answer: Answer): void {
    if (!this.#threads.has(thread)) return
    if (answer.kind === 'ready') thread.ready = true
    else settle(thread, answer.result)
    const next = thread.task ?? this.#queue.shift()
    if (next) this.#assign(thread, next)
  }

  #end(thread: Thread, result: ReadResult): void {
    if (!this.#threads.delete(thread)) return
    settle(thread, result)
    void thread.worker.terminate()
    this.#dispatch()
  }
}

function settle(thread: Thread, result: ReadResult): void {
  if (thread.timer) clearTimeout(thread.timer)
  thread.timer = null
  thread.task?.done(result)
  thread.task = null
}

/** Milliseconds of the processor's time that a thread has taken; infinitely many where it does not say so in time. */
async function cpuMs(worker: Worker, withinMs: number): Promise<number> {
  const stop = new AbortController()
  const silent = wait(withinMs, Infinity, { signal: stop.signal }).catch(() => Infinity)
  try {
    return await Promise.race([worker.cpuUsage().then(({ user, system }) => (user + system) / 1000), silent])
  } catch {
    return Infinity
  } finally {
    stop.abort()
  }
}

/** Beside this file, in src as it is written and in dist as it is compiled. */
const workerEntry = new URL(
  import.meta.url.endsWith('.ts') ? './parser-worker.ts' : './parser-worker.js',
  import.meta.url,
)

function withRaw(result: ReadResult, raw: Uint8Array): ReadResult {
  if (result.kind === 'refused') return result
  return { kind: 'message', message: { ...result.message, raw: withoutFromLine(toBuffer(raw)) } }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
