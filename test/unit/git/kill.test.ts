import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { openRepository } from '../../../src/git/repository.ts'
import { createRepository, type FencedRepository } from '../../support/git.ts'

let fenced: FencedRepository
let temporaryDirectory: string

beforeEach(() => {
  fenced = createRepository()
  temporaryDirectory = mkdtempSync(join(tmpdir(), 'killed-'))
})

afterEach(() => {
  fenced.remove()
  removeDirectory(temporaryDirectory)
})

/** Kills a process that applies patches after a while, as hard as can be. */
async function applyAndKill(patches: readonly string[], afterMs: number): Promise<void> {
  const script = join(import.meta.dirname, 'apply-forever.ts')
  const child = spawn(process.execPath, ['--no-warnings', script, fenced.path, temporaryDirectory], {
    env: { ...fenced.environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(patches.join('\0'))
  await once(child.stdout, 'data')
  await sleep(afterMs)
  child.kill('SIGKILL')
  await once(child, 'close')
}

describe('a process that is killed while it applies', () => {
  it('leaves the repository as it was, and its own files to be swept by the next', async () => {
    fenced.commit('boards: begin', {
      'drivers/Makefile': 'obj-y += boards/\n',
      'drivers/boards/alder.c': 'int alder;\n',
    })
    const one = fenced.commit('boards: one', { 'drivers/boards/birch.c': 'int birch;\n' })
    const two = fenced.commit('boards: two', { 'drivers/Makefile': 'obj-y += boards/ codecs/\n' })
    const patches = [one, two].map((commit) => fenced.formatPatch(commit))
    fenced.git('reset', '--quiet', '--hard', 'HEAD~2')
    const before = fenced.snapshot()
    const status = fenced.git('status', '--porcelain')
    for (const afterMs of [0, 15, 40, 90]) await applyAndKill(patches, afterMs)
    expect(readdirSync(temporaryDirectory).length).toBeGreaterThan(0)
    expect(fenced.snapshot()).toBe(before)

    const opened = await openRepository(fenced.path, { environment: fenced.environment, temporaryDirectory })
    expect(readdirSync(temporaryDirectory)).toHaveLength(1)
    if (opened.kind === 'repository') await opened.repository.close()
    expect(readdirSync(temporaryDirectory)).toEqual([])
    expect(fenced.snapshot()).toBe(before)
    expect(fenced.git('status', '--porcelain')).toBe(status)
    expect(fenced.git('worktree', 'list').split('\n')).toHaveLength(2)
  })
})
