import { getCompileCacheDir } from 'node:module'
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads'
import { GitError } from './git-error.ts'
import type {
  GitObject,
  ObjectAnswer,
  ObjectQuestion,
  ObjectReply,
  ObjectRequest,
  ObjectWorkerData,
} from './object-protocol.ts'

/** A round trip to git takes 0.1 ms; a listing of a kernel 0.2 s. Longer than this and the disk or git hangs. */
const timeoutMs = 60_000

/** An answer that is on its way. `take` sleeps until it is there; it may be called once. */
export type Pending<T> = { take(): T }

/**
 * Reads objects of a repository while the caller waits, or ahead while it does something else: a thread talks to one
 * long-lived `git cat-file`, and this one sleeps until the answer is there.
 */
export class ObjectReader {
  readonly #gitDirectory: string
  readonly #env: Readonly<Record<string, string>>
  #thread: Thread | 'not yet' | 'closed' = 'not yet'
  #asked = 0
  readonly #answers = new Map<number, ObjectAnswer>()

  constructor(gitDirectory: string, env: Readonly<Record<string, string>>) {
    this.#gitDirectory = gitDirectory
    this.#env = env
  }

  /** Starts the thread ahead of the first question: it takes some 50 ms, while the caller goes on. */
  start(): void {
    if (this.#thread === 'not yet') this.#thread = startThread(this.#gitDirectory, this.#env)
  }

  /**
   * The objects of full or abbreviated ids, also `ID^{tree}`, in one round: null where there is none, and where an
   * abbreviation means several. An object over `maxBytes` comes without its bytes.
   */
  read(names: readonly string[], maxBytes: number): readonly (GitObject | null)[] {
    return this.request(names, maxBytes).take()
  }

  /** What `read` gives, asked for now and taken later. */
  request(names: readonly string[], maxBytes: number): Pending<readonly (GitObject | null)[]> {
    const wanted = names.filter(isObjectName)
    if (wanted.length === 0) return { take: () => names.map(() => null) }
    const number = this.#ask({ kind: 'read', names: wanted, maxBytes })
    return {
      take: () => {
        const answer = this.#take(number)
        if (answer.kind !== 'objects') throw new GitError('failed', 'the object reader answered something else')
        let at = 0
        return names.map((name) => (isObjectName(name) ? (answer.objects[at++] ?? null) : null))
      },
    }
  }

  /** What `git ls-tree -r -t -z` prints of a tree. */
  requestListing(tree: string): Pending<Uint8Array> {
    const number = this.#ask({ kind: 'list', tree })
    return {
      take: () => {
        const answer = this.#take(number)
        if (answer.kind !== 'listing') throw new GitError('failed', 'the object reader answered something else')
        return answer.bytes
      },
    }
  }

  /** Ends the thread and its git. */
  async close(): Promise<void> {
    const thread = this.#thread
    this.#thread = 'closed'
    if (typeof thread === 'object') await thread.worker.terminate()
  }

  #ask(question: ObjectQuestion): number {
    const { port } = this.#running()
    const request: ObjectRequest = { number: ++this.#asked, question }
    port.postMessage(request)
    return request.number
  }

  #take(number: number): Exclude<ObjectAnswer, { kind: 'error' }> {
    const answer = this.#answers.get(number) ?? this.#wait(number)
    this.#answers.delete(number)
    if (answer.kind === 'error') throw new GitError('failed', `cannot read objects: ${answer.message}`)
    return answer
  }

  /** Sleeps until the thread has answered; answers to other questions are kept until they are taken. */
  #wait(number: number): ObjectAnswer {
    const { port, answered } = this.#running()
    const deadline = performance.now() + timeoutMs
    for (;;) {
      // Counted before the port is looked at: what comes after that makes the wait end at once.
      const count = Atomics.load(answered, 0)
      this.#receive(port)
      const answer = this.#answers.get(number)
      if (answer !== undefined) return answer
      const left = deadline - performance.now()
      if (left <= 0) {
        void this.close()
        throw new GitError('timeout', `git did not hand out objects within ${timeoutMs} ms`)
      }
      Atomics.wait(answered, 0, count, left)
    }
  }

  #receive(port: MessagePort): void {
    for (let received = receiveMessageOnPort(port); received !== undefined; received = receiveMessageOnPort(port)) {
      // The other end of the port is our own module, which answers in this form.
      const { number, answer } = received.message as ObjectReply
      this.#answers.set(number, answer)
    }
  }

  #running(): Thread {
    this.start()
    if (typeof this.#thread === 'string') throw new GitError('reader-closed', 'the repository was closed')
    return this.#thread
  }
}

/** An id, or the tree of one; anything else could be a command to `git cat-file`. */
function isObjectName(name: string): boolean {
  return /^[\da-f]{4,64}(?:\^\{tree\})?$/.test(name)
}

/** Runs the module with the compile cache of the process, which a thread does not take over by itself: 40 ms instead of 80. */
const starter = `
  const { module, compileCache } = require('node:worker_threads').workerData
  if (compileCache !== null) require('node:module').enableCompileCache(compileCache)
  import(module)
`

type Thread = { readonly worker: Worker; readonly port: MessagePort; readonly answered: Int32Array<SharedArrayBuffer> }

function startThread(gitDirectory: string, env: Readonly<Record<string, string>>): Thread {
  const signal = new SharedArrayBuffer(4)
  const { port1, port2 } = new MessageChannel()
  // Compiled, the module beside this one ends in .js.
  const file = import.meta.url.endsWith('.ts') ? './object-worker.ts' : './object-worker.js'
  const workerData: ObjectWorkerData = {
    gitDirectory,
    env,
    signal,
    port: port2,
    module: new URL(file, import.meta.url).href,
    compileCache: getCompileCacheDir() ?? null,
  }
  const worker = new Worker(starter, { eval: true, workerData, transferList: [port2], env: {} })
  worker.unref()
  return { worker, port: port1, answered: new Int32Array(signal) }
}
