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

/** How many threads, and how long one mail may take once a thread has it. */
export type ParserOptions = { readonly workers: number; readonly timeoutMs: number }

type Task = Job & { readonly done: (result: ReadResult) => void }
type Thread = { readonly worker: Worker; task: Task | null; timer: NodeJS.Timeout | null; ready: boolean }

/** Mails of 4 MB were read with some 30 MB; a thread that wants more than this is ended. */
const heapMb = 512
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
    const late = (): void => this.#end(thread, refuse('timeout', `not read within ${timeoutMs} ms`))
    if (thread.timer) clearTimeout(thread.timer)
    thread.task = task
    thread.timer = setTimeout(late, timeoutMs)
    const raw = new Uint8Array(task.raw)
    thread.worker.postMessage({ raw, options: task.options } satisfies Job, [raw.buffer])
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
