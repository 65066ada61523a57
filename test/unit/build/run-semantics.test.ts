import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GoalRun } from '../../../src/build/goal-run.ts'
import { runSemantics } from '../../../src/build/run-semantics.ts'

/** Two modules; what is written into each object is up to FLAGS, as flags of a compiler are. */
const makefile = `
modules: output/samples/pump.o output/samples/valve.o
output/samples/%.o:
	@echo $* $(FLAGS) > $@
`

let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-semantics-'))
  mkdirSync(join(work, 'output', 'samples'), { recursive: true })
  writeFileSync(join(work, 'output', 'modules.order'), 'samples/pump.o\nsamples/valve.o\n')
})
afterEach(() => rmSync(work, { recursive: true }))

/** Builds with a makefile, as goals do, and makes the check of -j1 and -j over it. */
async function checkParallel(text: string) {
  writeFileSync(join(work, 'Makefile'), text)
  const paths = { source: '/build/source', output: '/build/output' }
  const goal: GoalRun = {
    arch: 's390',
    goal: 'modules',
    command: ['make', '-j2', 'modules'],
    directory: '/build',
    paths,
    status: 'ok',
    exitCode: 0,
    seconds: 1,
    log: { text: '', droppedBytes: 0 },
    reason: null,
    outputDirectory: null,
  }
  const started: (readonly string[])[] = []
  const run = ([program = '', ...args]: readonly string[]) => {
    started.push([program, ...args])
    const { status, stdout } = spawnSync(program, args, { cwd: work, encoding: 'utf8' })
    const log = { text: stdout, droppedBytes: 0 }
    const end = { status: status === 0 ? ('ok' as const) : ('failed' as const), exitCode: status, seconds: 0, log }
    return Promise.resolve({ ...end, reason: null })
  }
  await run(goal.command)
  const found = await runSemantics({ checks: ['parallel'], goals: [goal], modules: [], paths, run })
  return { found, started }
}

describe('the check of -j1 and -j', () => {
  it('makes all modules again, alone, and finds nothing where they are the same', async () => {
    const { found, started } = await checkParallel(makefile)
    expect(found).toEqual([{ check: 'parallel', items: [] }])
    expect(started).toContainEqual(['make', '-j1', 'modules'])
    expect(existsSync(join(work, 'output/samples/valve.o'))).toBe(true)
  })

  it('names the objects that differ', async () => {
    const flags = `output/samples/pump.o: FLAGS = $(if $(findstring jobserver,$(MAKEFLAGS)),-g)\n${makefile}`
    const { found } = await checkParallel(flags)
    expect(found).toEqual([{ check: 'parallel', items: ['samples/pump.o'] }])
  })

  it('says nothing where no module was made', async () => {
    rmSync(join(work, 'output', 'modules.order'))
    const { found } = await checkParallel(makefile)
    expect(found).toEqual([])
  })
})
