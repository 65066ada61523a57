import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { workerData } from 'node:worker_threads'
import type {
  GitObject,
  ObjectAnswer,
  ObjectQuestion,
  ObjectReply,
  ObjectRequest,
  ObjectWorkerData,
} from './object-protocol.ts'

// The body of a thread of ObjectReader: a `git cat-file` that lives as long as the thread, so that the main thread can
// wait for objects without an event loop. This module is started as a Worker and exports nothing.

/** The output of a process, taken in pieces whose length is known when they are taken. */
class ByteQueue {
  #held: Buffer = Buffer.alloc(0)
  readonly #source: AsyncIterator<Buffer>

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  async line(): Promise<string> {
    let end = this.#held.indexOf(10)
    while (end === -1) {
      const from = this.#held.length
      this.#held = Buffer.concat([this.#held, await this.#more()])
      end = this.#held.indexOf(10, from)
    }
    const line = this.#held.toString('latin1', 0, end)
    this.#held = this.#held.subarray(end + 1)
    return line
  }

  async bytes(length: number): Promise<Buffer> {
    const chunks = [this.#held]
    for (let held = this.#held.length; held < length; held += chunks.at(-1)?.length ?? 0)
      chunks.push(await this.#more())
    const all = chunks.length === 1 ? this.#held : Buffer.concat(chunks)
    this.#held = all.subarray(length)
    return all.subarray(0, length)
  }

  async #more(): Promise<Buffer> {
    const next = await this.#source.next()
    if (next.done === true) throw new Error('git cat-file ended before it answered')
    return next.value
  }
}

// The one who starts this thread is ObjectReader, which passes exactly this.
const { gitDirectory, env, signal, port } = workerData as ObjectWorkerData
const answered = new Int32Array(signal)
const catFile = startCatFile()
const output = new ByteQueue(catFile.stdout)
/** The last reading asked for: one `git cat-file` answers one after the other, while a listing has a process of its own. */
let lastReading: Promise<unknown> = Promise.resolve()

port.on('message', ({ number, question }: ObjectRequest) => {
  void answer(question).then((found) => {
    const reply: ObjectReply = { number, answer: found }
    port.postMessage(reply, buffersOf(found))
    Atomics.add(answered, 0, 1)
    Atomics.notify(answered, 0)
  })
})

async function answer(question: ObjectQuestion): Promise<ObjectAnswer> {
  try {
    return question.kind === 'list' ? await listTree(question.tree) : await readInTurn(question)
  } catch (error) {
    return { kind: 'error', message: error instanceof Error ? error.message : String(error) }
  }
}

type Reading = Extract<ObjectQuestion, { kind: 'read' }>

function readInTurn(question: Reading): Promise<ObjectAnswer> {
  const reading = lastReading.then(() => readObjects(question))
  lastReading = reading.catch(() => undefined)
  return reading
}

function startCatFile(): ChildProcessWithoutNullStreams {
  const args = ['--git-dir', gitDirectory, 'cat-file', '--batch-command', '--buffer']
  const child = spawn('git', args, { env, cwd: gitDirectory })
  child.stderr.resume()
  // A process that ends early shows as the end of its output; what it did not read any more is of no interest.
  child.on('error', () => child.stdout.destroy())
  child.stdin.on('error', () => child.stdout.destroy())
  return child
}

/** Asks for all sizes first, then for those objects that are small enough (git-cat-file(1), BATCH OUTPUT). */
async function readObjects({ names, maxBytes }: Reading): Promise<ObjectAnswer> {
  catFile.stdin.write(names.map((name) => `info ${name}\n`).join('') + 'flush\n')
  const heads: (GitObject | null)[] = []
  while (heads.length < names.length) heads.push(parseHead(await output.line()))
  const wanted = heads.filter((head) => head !== null && head.size <= maxBytes)
  catFile.stdin.write(wanted.map((head) => `contents ${head?.id ?? ''}\n`).join('') + 'flush\n')
  // One buffer for all, so that it can be handed over instead of copied again.
  const all = new Uint8Array(wanted.reduce((sum, head) => sum + (head?.size ?? 0), 0))
  const objects: (GitObject | null)[] = []
  let at = 0
  for (const head of heads) {
    if (head === null || head.size > maxBytes) {
      objects.push(head)
      continue
    }
    await output.line()
    all.set(await output.bytes(head.size), at)
    await output.bytes(1)
    objects.push({ ...head, bytes: all.subarray(at, (at += head.size)) })
  }
  return { kind: 'objects', objects }
}

function parseHead(line: string): GitObject | null {
  const match = /^([\da-f]+) ([a-z]+) (\d+)$/.exec(line)
  return match === null ? null : { id: match[1] ?? '', type: match[2] ?? '', size: Number(match[3]), bytes: null }
}

async function listTree(tree: string): Promise<ObjectAnswer> {
  const child = spawn('git', ['--git-dir', gitDirectory, 'ls-tree', '-r', '-t', '-z', tree], { env, cwd: gitDirectory })
  const chunks: Buffer[] = []
  const errors: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
  await once(child, 'close')
  if (child.exitCode === 0) return { kind: 'listing', bytes: joined(chunks) }
  return { kind: 'error', message: `git ls-tree: ${Buffer.concat(errors).toString('utf8').trim()}` }
}

/** Pieces in a buffer of their own, which can be handed over. */
function joined(chunks: readonly Buffer[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}

function buffersOf(found: ObjectAnswer): ArrayBuffer[] {
  const bytes = found.kind === 'objects' ? found.objects.find((object) => object?.bytes)?.bytes : undefined
  const sent = found.kind === 'listing' ? found.bytes : bytes
  return sent?.buffer instanceof ArrayBuffer ? [sent.buffer] : []
}
