import { existsSync, rmSync, statSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import type { HookRequest } from './hook-answer.ts'
import { packageRoot } from './package.ts'

/** The name of the socket in the common git directory, which bin/kbuild-review-hook.mjs knows too. */
export const hookSocket = 'kbuild-review.ipc'

/** A request is a line of JSON; the largest holds what git gives a pre-push hook. Bytes. */
const maxRequestBytes = 4 * 1024 * 1024

const requestSchema = z.object({
  hook: z.string(),
  args: z.array(z.string()),
  cwd: z.string(),
  gitDirectory: z.string(),
  indexFile: z.string().nullable(),
  input: z.string(),
  colour: z.boolean(),
  /** The time of the package that the client is of (milliseconds). */
  program: z.number().optional(),
})

/** Reads the line that a hook sends; null for anything else. */
export function readHookRequest(line: string): (HookRequest & { readonly program?: number | undefined }) | null {
  try {
    return requestSchema.parse(JSON.parse(line))
  } catch {
    return null
  }
}

/** The status that who asked ends with, and what it says before on standard error and, where there is any, on standard output. */
export type ServiceAnswer = { readonly status: number; readonly text: string; readonly output?: string }

export type HookServiceOptions = {
  /** Where the socket is: the working directory of this process, so that its path is never too long. */
  readonly socket: string
  /** How long it stays without a request (milliseconds). */
  readonly idleMs: number
  /** How long who connects may take to say what it wants, while others wait (milliseconds): 5 seconds where left out. */
  readonly patienceMs?: number
  readonly answer: (request: HookRequest) => Promise<ServiceAnswer>
  readonly signal: AbortSignal
}

/**
 * Answers hooks until nobody has asked for `idleMs`, one request after the other. `taken` where another process does already. A
 * client of another release of the program gets no answer: it starts a service of its own after this one has ended.
 */
export async function serveHooks(options: HookServiceOptions): Promise<'ended' | 'taken'> {
  const { socket, idleMs, patienceMs = 5000, signal } = options
  if (!(await isFree(socket))) return 'taken'
  const program = programTime()
  const server = createServer({ allowHalfOpen: true })
  const stop = (): void => {
    if (server.listening) server.close()
  }
  // What listens keeps the process; the clock alone does not.
  let idle = setTimeout(stop, idleMs).unref()
  const rest = (): void => {
    clearTimeout(idle)
    idle = setTimeout(stop, idleMs).unref()
  }
  let queue = Promise.resolve()
  server.on('connection', (connection) => {
    connection.on('error', () => connection.destroy())
    queue = queue
      .then(async () => {
        const request = await receive(connection, patienceMs)
        if (request === null) return void connection.destroy()
        if (request.hook === 'stop' || request.program !== program) {
          stop()
          return void connection.destroy()
        }
        connection.end(JSON.stringify({ kind: 'answer', ...(await answerSafely(request, options)) }))
      })
      .finally(rest)
  })
  signal.addEventListener('abort', stop)
  try {
    const { ended } = await listen(server, socket)
    await ended
    return 'ended'
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return 'taken'
    throw error
  } finally {
    clearTimeout(idle)
    signal.removeEventListener('abort', stop)
  }
}

async function answerSafely(request: HookRequest, { answer }: HookServiceOptions): Promise<ServiceAnswer> {
  try {
    return await answer(request)
  } catch (error) {
    // The hook tells it, and git goes on: a fault of ours is no fault of the patch.
    return { status: 0, text: `kbuild-review: not judged: ${error instanceof Error ? error.message : String(error)}\n` }
  }
}

/** Listens; what comes back settles when the server has closed, and its socket is gone with it (node:net `server.close`). */
function listen(server: Server, socket: string): Promise<{ readonly ended: Promise<void> }> {
  return new Promise((settle, fail) => {
    server.once('error', fail)
    server.listen(socket, () => {
      settle({ ended: new Promise((end) => server.once('close', () => end())) })
    })
  })
}

/** The line that a client sends; null where it sends none in time or before it ends, too much, or nothing we know. */
function receive(connection: Socket, patienceMs: number): Promise<ReturnType<typeof readHookRequest>> {
  return new Promise((settle) => {
    let text = ''
    connection.setEncoding('utf8')
    connection.setTimeout(patienceMs, () => settle(null))
    // Who only looks whether somebody listens says nothing; the connection stays half open, or was gone before its turn came.
    connection.on('end', () => settle(null))
    connection.on('close', () => settle(null))
    if (connection.destroyed || connection.readableEnded) settle(null)
    connection.on('data', (chunk: string) => {
      text += chunk
      if (text.length > maxRequestBytes) settle(null)
      const end = text.indexOf('\n')
      if (end === -1) return
      connection.setTimeout(0)
      settle(readHookRequest(text.slice(0, end)))
    })
  })
}

/** Whether nobody listens on a socket; one that a killed process left is taken away. */
async function isFree(socket: string): Promise<boolean> {
  if (!existsSync(socket)) return true
  const state = await probe(socket)
  if (state === 'refused') rmSync(socket, { force: true })
  return state === 'refused'
}

function probe(socket: string): Promise<'listening' | 'refused'> {
  return new Promise((settle) => {
    const connection = connect(socket)
    connection.on('connect', () => {
      connection.destroy()
      settle('listening')
    })
    connection.on('error', () => settle('refused'))
  })
}

/** Whether a service answers the hooks of a repository. */
export async function isServed(commonDirectory: string): Promise<boolean> {
  const socket = join(commonDirectory, hookSocket)
  return existsSync(socket) && (await probe(socket)) === 'listening'
}

/** Ends the service of a repository, where there is one; it lets go when it has answered who asked before. */
export async function stopService(commonDirectory: string): Promise<void> {
  const socket = join(commonDirectory, hookSocket)
  if (!(await isServed(commonDirectory))) return
  await new Promise<void>((settle) => {
    const connection = connect(socket)
    connection.on('error', () => settle())
    connection.on('close', () => settle())
    connection.on('data', () => undefined)
    const request = { hook: 'stop', args: [], cwd: '', gitDirectory: '', indexFile: null, input: '', colour: false }
    connection.write(`${JSON.stringify(request)}\n`)
  })
}

/** When the package was written: what tells one release of it from another. */
function programTime(): number {
  return statSync(join(packageRoot(), 'package.json')).mtimeMs
}
