import { once } from 'node:events'
import { mkdtempSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json, text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hookSocket, isServed, serveHooks, stopService } from '../../../src/app/hook-service.ts'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'

let directory: string
let served: Promise<'ended' | 'taken'>
/** What an answer waits for. */
let judged: Promise<unknown>
/** Far longer than a test: none of them passes by waiting for it. */
const patienceMs = 600_000

const program = statSync(join(import.meta.dirname, '../../../package.json')).mtimeMs
const request = {
  hook: 'pre-applypatch',
  args: [],
  cwd: '',
  gitDirectory: '',
  indexFile: null,
  input: '',
  colour: false,
  program,
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hook-service-'))
  judged = Promise.resolve()
  served = serveHooks({
    socket: join(directory, hookSocket),
    idleMs: patienceMs,
    patienceMs,
    signal: new AbortController().signal,
    answer: async ({ hook }) => {
      await judged
      return { status: 1, text: `judged ${hook}` }
    },
  })
  await expect.poll(() => isServed(directory)).toBe(true)
})
afterEach(() => removeDirectory(directory))

it('ends when it is told to, whoever looked before whether it was there', async () => {
  expect(await isServed(directory)).toBe(true)
  await stopService(directory)
  expect(await served).toBe('ended')
  expect(await isServed(directory)).toBe(false)
})

it('lets nobody wait for one that says nothing, or half of it, and goes', async () => {
  for (const said of ['', '{"hook": "pre-app']) {
    const gone = connect(join(directory, hookSocket))
    gone.end(said)
    await once(gone.resume(), 'close')
  }
  const abrupt = connect(join(directory, hookSocket))
  await once(abrupt, 'connect')
  abrupt.destroy()
  await stopService(directory)
  expect(await served).toBe('ended')
})

it('lets nobody wait for one that went while another was answered', async () => {
  let release = (): void => undefined
  judged = new Promise<void>((done) => (release = done))
  const first = connect(join(directory, hookSocket))
  first.write(`${JSON.stringify(request)}\n`)
  const gone = connect(join(directory, hookSocket)).end()
  await once(gone, 'finish')
  // Long enough for the service to see it go; whatever it saw, nobody may wait.
  await sleep(50)
  release()
  expect(await json(first)).toEqual({ kind: 'answer', status: 1, text: 'judged pre-applypatch' })
  first.destroy()
  gone.destroy()
  await stopService(directory)
  expect(await served).toBe('ended')
})

it('says no to what it does not know, and to another release of the program', async () => {
  for (const said of ['which hook?\n', `${JSON.stringify({ ...request, program: 0 })}\n`]) {
    const stranger = connect(join(directory, hookSocket))
    stranger.write(said)
    expect(await text(stranger)).toBe('')
  }
  await stopService(directory)
  expect(await served).toBe('ended')
})
