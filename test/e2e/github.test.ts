import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { startGithub, type FakeGithub } from '../support/github/fake.ts'
import { driversMakefile, smallKernel } from '../support/github/small-kernel.ts'
import { createRepository, type FencedRepository } from '../support/git.ts'
import { commandLine, homeIn } from '../support/command-line.ts'

let server: FencedRepository
let github: FakeGithub
let work: string

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-pr-'))
  server = createRepository()
  server.commit('base', smallKernel)
  server.git('clone', '--quiet', server.path, join(work, 'tree'))
  server.git('checkout', '--quiet', '-b', 'topic')
  github = await startGithub({ directory: server.path })
  const head = server.commit('boards: add it', { 'drivers/Makefile': driversMakefile('board') })
  github.openPull({ head, title: 'Add the board' })
})

afterAll(async () => {
  await github.close()
  server.remove()
  removeDirectory(work)
})

/** Runs the command line beside the fake, which answers from this process. */
async function run(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [...commandLine, ...args, '--tree', join(work, 'tree')], {
    env: { ...homeIn(work), GH_ENTERPRISE_TOKEN: 'app-token' },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const status = await new Promise<number | null>((done) => child.on('close', done))
  return { status, stdout, stderr }
}

describe('kbuild-review check --pr', () => {
  it('reviews a pull request and posts nothing', async () => {
    const { status, stdout, stderr } = await run('check', '--pr', `${github.url}/boards/linux/pull/1`)
    expect(stderr).toBe('')
    expect(stdout).toContain('Add the board')
    expect(stdout).toContain('drivers/Makefile:3:25: error: no source and no rule makes `board.o` [ko-missing-source]')
    expect(status).toBe(1)
    expect(github.exchanges.filter(({ method }) => method !== 'GET')).toEqual([])
    expect(github.problems).toEqual([])
  })

  it('posts with --post, and the second time nothing new', { timeout: 120_000 }, async () => {
    for (const said of [
      '1 checks, 1 comments, 0 resolved, summary create',
      '0 checks, 0 comments, 0 resolved, summary none',
    ]) {
      const { status, stderr } = await run('check', '--post', '--pr', `${github.url}/boards/linux/pull/1`)
      expect(stderr).toBe(`kbuild-review: posted: ${said}\n`)
      expect(status).toBe(1)
    }
    expect(github.pull(1).threads).toMatchObject([{ path: 'drivers/Makefile', line: 3 }])
    expect(github.problems).toEqual([])
  })

  it.each([
    ['no address of a pull request', '/boards/linux/issues/1'],
    ['one that there is not', '/boards/linux/pull/9'],
  ])('says so for %s', async (_, path) => {
    const { status, stderr } = await run('check', '--pr', `${github.url}${path}`)
    expect(stderr).toMatch(/^kbuild-review: --pr: /)
    expect(status).toBe(2)
  })
})
