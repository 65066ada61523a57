import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { gitEnvironment } from '../../../src/git/environment.ts'
import { GitError } from '../../../src/git/git-error.ts'
import { gitOutput, runGit, runProgram, type RunOptions } from '../../../src/git/run.ts'
import { createRepository, type FencedRepository } from '../../support/git.ts'

let repository: FencedRepository
let options: RunOptions

beforeAll(() => {
  repository = createRepository()
  repository.commit('boards: begin', { Makefile: 'obj-y += boards/\n' })
  options = { cwd: repository.path, env: gitEnvironment(repository.environment, 'none') }
})

afterAll(() => repository.remove())

const codeOf = (error: unknown): string => (error instanceof GitError ? error.code : String(error))

describe('runGit', () => {
  it('gives bytes, and the status of what git refuses', async () => {
    const good = await runGit(['cat-file', 'blob', 'HEAD:Makefile'], options)
    expect(good).toEqual({ exitCode: 0, stdout: Buffer.from('obj-y += boards/\n'), stderr: '' })
    const bad = await runGit(['cat-file', 'blob', 'HEAD:Kconfig'], options)
    expect(bad.exitCode).toBe(128)
    expect(bad.stderr).toContain("path 'Kconfig' does not exist")
  })

  it('hands bytes to a program unchanged', async () => {
    const stdin = Uint8Array.of(0, 255, 10, 13, 10)
    const { stdout } = await runProgram('cat', [], { ...options, stdin })
    expect([...stdout]).toEqual([...stdin])
  })

  it('throws with a code where the program hangs, and kills what it started', async () => {
    const hanging = runProgram('sh', ['-c', 'sleep 60 & wait'], { ...options, timeoutMs: 100 })
    expect(codeOf(await hanging.catch((error: unknown) => error))).toBe('timeout')
  })

  it('throws with a code where the output does not end, the program is not there, or the caller stops it', async () => {
    const endless = await runProgram('yes', [], { ...options, maxOutput: 1000 }).catch((error: unknown) => error)
    expect(codeOf(endless)).toBe('too-much-output')
    const absent = await runProgram('no-such-program', [], options).catch((error: unknown) => error)
    expect(codeOf(absent)).toBe('program-missing')
    const stop = new AbortController()
    const stopped = runProgram('sleep', ['60'], { ...options, signal: stop.signal }).catch((error: unknown) => error)
    stop.abort()
    expect(codeOf(await stopped)).toBe('aborted')
  })

  it("puts git's own words into the error of a command that must not fail", async () => {
    const error = await gitOutput(['rev-parse', '--verify', 'nowhere'], options).catch((thrown: unknown) => thrown)
    expect(codeOf(error)).toBe('failed')
    expect(String(error)).toContain('Needed a single revision')
  })
})

describe('gitEnvironment', () => {
  it('is not led astray by the variables of a hook', async () => {
    const hook = {
      ...repository.environment,
      GIT_DIR: '/nonexistent',
      GIT_INDEX_FILE: '/nonexistent/index',
      GIT_OBJECT_DIRECTORY: '/nonexistent/objects',
      GIT_CONFIG_PARAMETERS: "'core.bare'='true'",
    }
    for (const config of ['user', 'none'] as const) {
      const env = gitEnvironment(hook, config)
      expect(await gitOutput(['show', 'HEAD:Makefile'], { cwd: repository.path, env })).toBe('obj-y += boards/\n')
    }
  })

  it('starts none of the programs that a configuration names', async () => {
    const fence = mkdtempSync(join(tmpdir(), 'fenced-config-'))
    const trap = createRepository()
    trap.commit('boards: begin', { Makefile: 'obj-y += boards/\n' })
    const touch = `touch ${join(fence, 'ran')}; false`
    for (const key of ['core.fsmonitor', 'core.pager', 'core.sshCommand', 'diff.external']) {
      trap.git('config', key, touch)
    }
    const env = gitEnvironment(trap.environment, 'user')
    await runGit(['status'], { cwd: trap.path, env })
    await runGit(['log', '-p', '--no-ext-diff'], { cwd: trap.path, env })
    const { stdout } = await runProgram('ls', [fence], { cwd: fence, env })
    expect(stdout.toString()).toBe('')
    trap.remove()
    removeDirectory(fence)
  })

  it('keeps where the user says his configuration is, or leaves all of it out', () => {
    const given = { HOME: '/home/ada', GIT_CONFIG_GLOBAL: '/home/ada/git', GIT_WORK_TREE: '/elsewhere' }
    expect(gitEnvironment(given, 'user')).toMatchObject({ HOME: '/home/ada', GIT_CONFIG_GLOBAL: '/home/ada/git' })
    expect(gitEnvironment(given, 'none')).toMatchObject({ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' })
    expect(gitEnvironment(given, 'user')).not.toHaveProperty('GIT_WORK_TREE')
  })
})
