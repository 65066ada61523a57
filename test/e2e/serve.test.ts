import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { openScene, type Scene } from '../support/github/scene.ts'
import { driversMakefile } from '../support/github/small-kernel.ts'
import { commandLine, homeIn } from '../support/command-line.ts'

const secret = 'it is a secret'
let scene: Scene
let work: string
let child: ChildProcessWithoutNullStreams | null = null

beforeEach(async () => {
  scene = await openScene()
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-serve-'))
  writeFileSync(join(work, 'secret'), `${secret}\n`)
})
afterEach(async () => {
  child?.kill('SIGKILL')
  child = null
  await scene.close()
  removeDirectory(work)
})

/** Starts the daemon beside the fake; gives what it says, line by line. */
function start(config: string): AsyncIterator<string> {
  writeFileSync(join(work, 'config.yaml'), config)
  const args = [
    'serve',
    '--tree',
    scene.tree.gitDirectory,
    '--config',
    join(work, 'config.yaml'),
    '--port',
    '0',
    '--interval',
    '3600',
  ]
  const env = { ...homeIn(work), GH_ENTERPRISE_TOKEN: 'app-token' }
  child = spawn(process.execPath, [...commandLine, ...args], { env })
  return linesOf(child.stderr)
}

async function* linesOf(stream: AsyncIterable<unknown>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of stream) {
    const lines = `${rest}${String(chunk)}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

async function next(lines: AsyncIterator<string>, wanted: RegExp): Promise<string> {
  for (;;) {
    const line = await lines.next()
    if (line.done === true) throw new Error(`it ended before it said ${wanted.source}`)
    if (wanted.test(line.value)) return line.value
  }
}

const config = (post: boolean): string =>
  [
    'github:',
    `  base-url: ${scene.github.api}`,
    `  post: ${post}`,
    '  repositories: [boards/linux]',
    `  webhook-secret-file: ${join(work, 'secret')}`,
    '',
  ].join('\n')

function openPull(): number {
  const { head } = scene.branch('topic', [
    ['boards: build the fuses', { 'drivers/Makefile': driversMakefile('fuses') }],
  ])
  return scene.github.openPull({ head, title: 'Fuses' })
}

describe('kbuild-review serve', () => {
  it('takes a signed webhook, reviews the pull request and posts', { timeout: 120_000 }, async () => {
    const lines = start(config(true))
    const [, url = ''] = /at (http:\S+)/.exec(await next(lines, /webhooks at/)) ?? []
    const number = openPull()
    const payload = { number, repository: { full_name: scene.github.repository } }
    const delivery = { id: 'one', event: 'pull_request', payload, secret }
    expect(await scene.github.deliver(url, { ...delivery, secret: 'another' })).toBe(401)
    expect(await scene.github.deliver(url, delivery)).toBe(202)
    expect(await scene.github.deliver(url, delivery)).toBe(409)
    expect(await next(lines, /boards\/linux#1/)).toMatch(
      /#1 posted checks=1 comments=1 resolved=0 summary=create answers=0$/,
    )
    expect(scene.github.pull(number).threads).toHaveLength(1)
    expect(scene.github.problems).toEqual([])
    const ended = new Promise((done) => child?.on('exit', done))
    child?.kill('SIGTERM')
    expect(await ended).toBe(130)
  })

  it('finds what is open by itself, and posts nothing unless it is told to', { timeout: 120_000 }, async () => {
    openPull()
    const lines = start(config(false))
    expect(await next(lines, /boards\/linux#1/)).toMatch(/#1 judged verdict=findings findings=1 post=false$/)
    expect(scene.github.exchanges.filter(({ method, operation }) => method !== 'GET' && operation !== null)).toEqual([])
  })
})
