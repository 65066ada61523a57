import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { hookScript, keptSuffix, type HookName } from '../../../src/app/hook-script.ts'

let work: string
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-script-'))
  // In the place of Node: notes what it is started with.
  writeProgram('node', 'shift; echo "$@" >>"$OUT.new"; cat >>"$OUT.new"; mv "$OUT.new" "$OUT"')
  writeFileSync(join(work, 'client.mjs'), '')
})
afterEach(() => {
  removeDirectory(work)
})

function writeProgram(name: string, ...lines: string[]): string {
  const path = join(work, name)
  writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'))
  chmodSync(path, 0o755)
  return path
}

/** The state of `git am` at a mail of some. */
function amAt(next: number, last: number, gitDirectory = '.git'): void {
  const state = join(work, gitDirectory, 'rebase-apply')
  mkdirSync(state, { recursive: true })
  writeFileSync(join(state, 'next'), `${next}\n`)
  writeFileSync(join(state, 'last'), `${last}\n`)
}

type Ran = { readonly status: number | null; readonly output: string; readonly noted: () => string | null }

function run(name: HookName, env: Record<string, string> = {}, input = ''): Ran {
  const program = { node: join(work, 'node'), client: join(work, 'client.mjs'), resident: true }
  const path = join(work, name)
  writeFileSync(path, hookScript(name, program))
  chmodSync(path, 0o755)
  const noted = join(work, 'noted')
  const options = { cwd: work, env: { PATH: process.env['PATH'] ?? '', OUT: noted, ...env }, input } as const
  const { status, stdout, stderr } = spawnSync(path, ['argument'], { ...options, encoding: 'utf8' })
  return { status, output: stdout + stderr, noted: () => (existsSync(noted) ? readFileSync(noted, 'utf8') : null) }
}

/** Long enough for a shell in the background to have noted what it was started with (milliseconds). */
const patienceMs = 300

describe('hookScript', () => {
  it.each<[HookName, number, number]>([
    ['applypatch-msg', 1, 3],
    ['post-applypatch', 1, 3],
    ['post-applypatch', 2, 3],
  ])('lets %s of mail %i of %i work ahead, behind its back', async (name, next, last) => {
    amAt(next, last)
    const { status, noted } = run(name)
    expect(status).toBe(0)
    await expect.poll(noted, { timeout: 10_000 }).toBe(`${name} argument\n`)
  })

  it.each<[HookName, number, number]>([
    ['applypatch-msg', 2, 3],
    ['post-applypatch', 3, 3],
    ['post-applypatch', 1, 1],
  ])('starts nothing for %s of mail %i of %i, where nothing new is ahead', async (name, next, last) => {
    amAt(next, last)
    const { status, noted } = run(name)
    expect(status).toBe(0)
    await new Promise((settle) => setTimeout(settle, patienceMs))
    expect(noted()).toBeNull()
  })

  it('asks nobody while a rebase applies commits', () => {
    amAt(1, 3)
    expect(run('pre-applypatch').noted()).toBe('pre-applypatch argument\n')
    rmSync(join(work, 'noted'))
    writeFileSync(join(work, '.git/rebase-apply/rebasing'), '')
    const rebasing = run('pre-applypatch')
    expect(rebasing).toMatchObject({ status: 0, output: '' })
    expect(rebasing.noted()).toBeNull()
  })

  it('finds the state of the worktree that git names, and works ahead where it finds none', async () => {
    amAt(2, 2, 'worktrees/other')
    const named = run('post-applypatch', { GIT_DIR: join(work, 'worktrees/other') })
    await new Promise((settle) => setTimeout(settle, patienceMs))
    expect(named.noted()).toBeNull()
    await expect.poll(run('post-applypatch').noted, { timeout: 10_000 }).not.toBeNull()
  })

  it('ends as the hook before it where that fails, and gives a pre-push both what git says', () => {
    const kept = writeProgram(`pre-push${keptSuffix}`, 'cat; exit 0')
    const both = run('pre-push', {}, 'refs/heads/topic 1 refs/heads/topic 2\n')
    expect(both.output).toBe('refs/heads/topic 1 refs/heads/topic 2\n')
    expect(both.noted()).toBe('pre-push argument\nrefs/heads/topic 1 refs/heads/topic 2\n')
    rmSync(join(work, 'noted'))
    writeFileSync(kept, '#!/bin/sh\nexit 7\n')
    const refused = run('pre-push')
    expect(refused.status).toBe(7)
    expect(refused.noted()).toBeNull()
  })

  it('lets git go on where it is switched off, or the program is gone', () => {
    expect(run('pre-applypatch', { KBUILD_REVIEW_HOOK: 'off' })).toMatchObject({ status: 0, output: '' })
    rmSync(join(work, 'client.mjs'))
    const gone = run('pre-applypatch')
    expect(gone).toMatchObject({ status: 0, output: 'kbuild-review: not judged: the program is gone\n' })
    expect(gone.noted()).toBeNull()
  })
})
