import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { SemanticCheck } from '../../../src/build/build-semantics.ts'
import type { GoalRun } from '../../../src/build/goal-run.ts'
import { markCommand, runSemantics } from '../../../src/build/run-semantics.ts'

/** Two modules; what is written into each object is up to FLAGS, as flags of a compiler are. */
const makefile = `
modules: output/samples/pump.o output/samples/valve.o
output/samples/%.o:
	@echo $* $(FLAGS) > $@
`

const paths = { source: '/build/source', output: '/build/output' }

let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-semantics-'))
  mkdirSync(join(work, 'output', 'samples'), { recursive: true })
  writeFileSync(join(work, 'output', 'modules.order'), 'samples/pump.o\nsamples/valve.o\n')
})
afterEach(() => removeDirectory(work))

/** Writes files, each older than all that builds write. */
function write(files: Readonly<Record<string, string>>, at = new Date(Date.now() - 60_000)): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(work, path)), { recursive: true })
    writeFileSync(join(work, path), text)
    utimesSync(join(work, path), at, at)
  }
}

type Found = { readonly found: unknown; readonly started: readonly (readonly string[])[] }

/** Builds with a makefile, as goals do, and makes a check over it. What is to happen between the two is `meanwhile`. */
async function check(
  checks: readonly SemanticCheck[],
  text: string,
  meanwhile: () => void = () => undefined,
): Promise<Found> {
  writeFileSync(join(work, 'Makefile'), text)
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
  const run = ([program = '', ...args]: readonly string[], directory = '/build') => {
    started.push([program, ...args])
    const cwd = directory.replace('/build', work)
    const { status, stdout } = spawnSync(program, args, { cwd, encoding: 'utf8' })
    const log = { text: stdout, droppedBytes: 0 }
    const end = { status: status === 0 ? ('ok' as const) : ('failed' as const), exitCode: status, seconds: 0, log }
    return Promise.resolve({ ...end, reason: null })
  }
  await run(markCommand)
  await run(goal.command)
  meanwhile()
  const inSource = ['scripts/plant']
  const found = await runSemantics({ checks, goals: [goal], modules: ['tools/plant'], inSource, paths, run })
  return { found, started }
}

const checkParallel = (text: string): Promise<Found> => check(['parallel'], text)

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

describe('the check of newer sources', () => {
  const compile = `
modules: output/samples/pump.o output/samples/valve.o output/samples/limits.o
output/samples/pump.o: source/samples/pump.c
output/samples/limits.o: output/samples/limits.c
output/samples/limits.c: source/samples/limits.txt
	@cp $< $@
output/samples/%.o:
	@echo $* > $@
	@echo 'source_$@ := ../$(firstword $< source/samples/$*.c)' > output/samples/.$*.o.cmd
`

  it('names objects that are not made again, none whose source is made itself', async () => {
    const sources = ['samples/pump.c', 'samples/valve.c', 'samples/limits.txt', 'tools/plant/tank.c']
    write(Object.fromEntries(sources.map((name) => [`source/${name}`, ''])))
    const old = (): void => {
      const made = ['pump.o', 'valve.o', 'limits.o', 'limits.c'].map((name) => [`output/samples/${name}`, ''] as const)
      write(Object.fromEntries(made))
    }
    const { found } = await check(['touch'], compile, old)
    expect(found).toEqual([{ check: 'touch', items: ['samples/valve.o'] }])
  })
})

describe('the check of the source tree', () => {
  it('names what is written there, but for the directories that are built in', async () => {
    write({ 'source/samples/pump.c': '' })
    const written = (): void => {
      const later = new Date(Date.now() + 60_000)
      const names = ['samples/limits.h', 'scripts/plant/convert', 'scripts/plants', 'tools/plant/pump.o']
      write(Object.fromEntries(names.map((name) => [`source/${name}`, ''])), later)
    }
    const { found } = await check(['source-clean'], makefile, written)
    expect(found).toEqual([{ check: 'source-clean', items: ['samples/limits.h', 'scripts/plants'] }])
  })
})

describe('the check of make clean', () => {
  it('names what is left, but for selftests, which it does not clean', async () => {
    const left = (): void => {
      write({ 'output/samples/limits.h': '', 'output/kselftest/plant/pump': '' })
    }
    write({ 'source/tools/plant/tank.c': '' })
    const cleaning = `${makefile}clean:\n\trm -f output/samples/*.o output/modules.order\n`
    const { found } = await check(['clean'], cleaning, left)
    expect(found).toEqual([{ check: 'clean', items: ['samples/limits.h'] }])
  })

  it('fails where make does', async () => {
    const { found } = await check(['clean'], `${makefile}clean:\n\t@echo no tank; exit 1\n`)
    expect(found).toEqual([{ check: 'clean', gap: 'failed', why: 'modules: exit status 2', lines: ['no tank'] }])
  })
})

describe('a second make', () => {
  it('fails alone: what builds upon it is not judged', async () => {
    const once = 'modules: output/samples/pump.o\n\t@[ ! -e output/ready ]\noutput/samples/pump.o:\n\techo > $@\n'
    const ready = (): void => {
      write({ 'output/ready': '' })
    }
    const { found } = await check(['second-make', 'touch'], once, ready)
    expect(found).toMatchObject([
      { check: 'second-make', gap: 'failed', why: 'modules: exit status 2' },
      { check: 'touch', gap: 'unjudged', why: 'a second make fails already' },
    ])
  })
})

describe('what finds more files than are looked at', () => {
  it('is not judged', async () => {
    const log = { text: 'limits.h\n'.repeat(20_001), droppedBytes: 0 }
    const run = () => Promise.resolve({ status: 'ok' as const, exitCode: 0, seconds: 0, log, reason: null })
    const goals = [{ goal: 'modules' }] as unknown as readonly GoalRun[] // no other field is looked at
    const found = await runSemantics({ checks: ['source-clean'], goals, modules: [], inSource: [], paths, run })
    expect(found).toMatchObject([{ check: 'source-clean', gap: 'unjudged' }])
  })
})
