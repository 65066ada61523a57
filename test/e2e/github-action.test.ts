import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { runAction, type StepEnded, type Workflow } from '../support/action-runner.ts'
import { driversMakefile, smallKernel } from '../support/github/small-kernel.ts'
import { createRepository, type FencedRepository } from '../support/git.ts'

const root = resolve(import.meta.dirname, '../..')

let server: FencedRepository
let work: string
beforeEach(() => {
  server = createRepository()
  server.commit('base', smallKernel)
  server.git('checkout', '--quiet', '-b', 'topic')
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-action-'))
})
afterEach(() => {
  server.remove()
  removeDirectory(work)
})

/** Under the Node and with the packages that are here. */
function run(workflow: Workflow): StepEnded {
  return runAction({ server, work, project: root, writable: false, path: [dirname(process.execPath)] }, workflow)
}

const fuses = { 'drivers/Makefile': driversMakefile('fuses') }
const annotation =
  /^::error file=drivers\/Makefile,line=3,endLine=3,col=25,endColumn=31,title=ko-missing-source::no source and no rule makes `fuses.o`/m

/** The runner's container needs bubblewrap, and user namespaces where this is not root. */
const isContained = spawnSync('bwrap', ['--ro-bind', '/', '/', 'true'], { stdio: 'ignore' }).status === 0

describe.skipIf(isContained)('a machine without bubblewrap or user namespaces', () => {
  it('has no container for the Action, whose steps are not run', ({ skip }) => {
    skip('bwrap is missing or may not be used')
  })
})

describe.skipIf(!isContained)('the GitHub Action', { timeout: 120_000 }, () => {
  it.each([
    ['one commit, as it is fetched by default', 1],
    ['the whole history', 0],
  ])('annotates the findings of a pull request in a checkout of %s', (_, depth) => {
    server.commit('codecs: none', { 'drivers/codec.txt': 'none\n' })
    server.commit('boards: build the fuses', fuses)
    const { status, stdout, stderr } = run({ depth })
    expect(stderr).toBe('')
    expect(stdout).toMatch(annotation)
    expect(status).toBe(1)
  })

  it('judges the commits of the pull request and no others, and passes where it is told to', () => {
    server.commit('boards: build the fuses', fuses)
    server.git('checkout', '--quiet', '-B', 'main', 'topic')
    server.git('checkout', '--quiet', 'topic')
    server.commit('codecs: none', { 'drivers/codec.txt': 'none\n' })
    const { status, stdout } = run({ depth: 1, inputs: { 'fail-on': 'warning' } })
    expect(stdout).not.toContain('::error')
    expect(status).toBe(0)
  })

  it('says what to do where the pull request holds merges', () => {
    server.git('checkout', '--quiet', '-b', 'other', 'main')
    server.commit('codecs: none', { 'drivers/codec.txt': 'none\n' })
    server.git('checkout', '--quiet', 'topic')
    server.commit('boards: build the fuses', fuses)
    server.git('merge', '--quiet', '--no-edit', 'other')
    const { status, stdout } = run({ depth: 1 })
    expect(stdout).toContain('fetch-depth: 0')
    expect(status).toBe(2)
  })

  it('says that it is for pull requests', () => {
    server.commit('boards: build the fuses', fuses)
    const { status, stdout } = spawnSync(join(root, 'deploy/github-action/review.sh'), {
      cwd: server.path,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '' },
    })
    expect(stdout).toContain('::error title=kbuild-review::this is no event of a pull request')
    expect(status).toBe(2)
  })
})
