import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hookSocket, isServed, serveHooks, stopService } from '../../../src/app/hook-service.ts'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'

let directory: string
let served: Promise<'ended' | 'taken'>
/** Far longer than a test: none of them passes by waiting for it. */
const patienceMs = 600_000

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hook-service-'))
  served = serveHooks({
    socket: join(directory, hookSocket),
    idleMs: patienceMs,
    patienceMs,
    signal: new AbortController().signal,
    answer: ({ hook }) => Promise.resolve({ status: 1, text: `judged ${hook}` }),
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

it('says no to what it does not know, and to another release of the program', async () => {
  for (const said of ['which hook?\n', `${JSON.stringify({ hook: 'pre-applypatch', program: 0 })}\n`]) {
    const stranger = connect(join(directory, hookSocket))
    stranger.write(said)
    expect(await text(stranger)).toBe('')
  }
  await stopService(directory)
  expect(await served).toBe('ended')
})
