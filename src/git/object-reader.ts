import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads'
import { GitError } from './git-error.ts'
import type { GitObject, ObjectReply, ObjectRequest, ObjectWorkerData } from './object-protocol.ts'

/** A round trip to git takes 0.1 ms; a listing of a kernel 0.2 s. Longer than this and the disk or git hangs. */
const timeoutMs = 60_000

/**
 * Reads objects of a repository while the caller waits: a thread talks to one long-lived `git cat-file`, and this one
 * sleeps until the answer is there. The thread takes some 50 ms to start, while the caller goes on.
 */
export class ObjectReader {
  #thread: Thread | null

  constructor(gitDirectory: string, env: Readonly<Record<string, string>>) {
    this.#thread = startThread(gitDirectory, env)
  }

  /**
   * The objects of full or abbreviated ids, also `ID^{tree}`, in one round: null where there is none, and where an
   * abbreviation means several. An object over `maxBytes` comes without its bytes.
   */
  read(names: readonly string[], maxBytes: number): readonly (GitObject | null)[] {
    const wanted = names.filter(isObjectName)
    if (wanted.length === 0) return names.map(() => null)
    const reply = this.#ask({ kind: 'read', names: wanted, maxBytes })
    if (reply.kind !== 'objects') throw new GitError('failed', 'the object reader answered something else')
    let at = 0
    return names.map((name) => (isObjectName(name) ? (reply.objects[at++] ?? null) : null))
  }

  /** What `git ls-tree -r -t -z` prints of a tree. */
  listTree(tree: string): Uint8Array {
    const reply = this.#ask({ kind: 'list', tree })
    if (reply.kind !== 'listing') throw new GitError('failed', 'the object reader answered something else')
    return reply.bytes
  }

  /** Ends the thread and its git. */
  async close(): Promise<void> {
    const worker = this.#thread?.worker
    this.#thread = null
    await worker?.terminate()
  }

  #ask(request: ObjectRequest): Exclude<ObjectReply, { kind: 'error' }> {
    if (this.#thread === null) throw new GitError('reader-closed', 'the repository was closed')
    const { port, ready } = this.#thread
    Atomics.store(ready, 0, 0)
    port.postMessage(request)
    if (!waitUntilSet(ready)) {
      void this.close()
      throw new GitError('timeout', `git did not hand out objects within ${timeoutMs} ms`)
    }
    // The other end of the port is our own module, which answers in this form.
    const received = receiveMessageOnPort(port) as { readonly message: ObjectReply } | undefined
    const reply = received?.message ?? { kind: 'error', message: 'the object reader did not answer' }
    if (reply.kind === 'error') throw new GitError('failed', `cannot read objects: ${reply.message}`)
    return reply
  }
}

/**
 * Sleeps until the thread has set the flag; false after the time that it may take. Being woken is not enough: the call that
 * wakes for the answer before this one can come late, when that answer has long been taken.
 */
function waitUntilSet(ready: Int32Array<SharedArrayBuffer>): boolean {
  const deadline = performance.now() + timeoutMs
  while (Atomics.load(ready, 0) === 0) {
    const left = deadline - performance.now()
    if (left <= 0) return false
    Atomics.wait(ready, 0, 0, left)
  }
  return true
}

/** An id, or the tree of one; anything else could be a command to `git cat-file`. */
function isObjectName(name: string): boolean {
  return /^[\da-f]{4,64}(?:\^\{tree\})?$/.test(name)
}

type Thread = { readonly worker: Worker; readonly port: MessagePort; readonly ready: Int32Array<SharedArrayBuffer> }

function startThread(gitDirectory: string, env: Readonly<Record<string, string>>): Thread {
  const signal = new SharedArrayBuffer(4)
  const { port1, port2 } = new MessageChannel()
  const workerData: ObjectWorkerData = { gitDirectory, env, signal, port: port2 }
  // Compiled, the module beside this one ends in .js.
  const module = import.meta.url.endsWith('.ts') ? './object-worker.ts' : './object-worker.js'
  const worker = new Worker(new URL(module, import.meta.url), { workerData, transferList: [port2], env: {} })
  worker.unref()
  return { worker, port: port1, ready: new Int32Array(signal) }
}
