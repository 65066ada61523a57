import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { parseProfile } from '../../../src/build/profile.ts'
import { forgetStale } from '../../../src/build/stale.ts'

const parsed = parseProfile(
  `name: plant
summary: a plant
arches: [{ name: s390, arch: s390, directory: arch/s390, prefix: s-, package: gcc-s }]
goals: [{ id: tests, targets: [modules], module: tools/tests/plant }]
`,
  'plant.yaml',
)
if (parsed.kind === 'bad') throw new Error(parsed.problems.join('\n'))
const { profile } = parsed
const [arch] = profile.arches

const made = [
  'output/drivers/plant/pump.o',
  'output/drivers/plant/.pump.o.cmd',
  'output/drivers/plant/pump.ko',
  'output/drivers/plant/pumps.o',
  'output/drivers/valve/valve.o',
  'output/include/generated/limits.h',
  'source/tools/tests/plant/pump.c',
  'source/tools/tests/plant/pump.h',
  'source/tools/tests/plant/pump.o',
]

let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-stale-'))
  for (const path of made) {
    mkdirSync(dirname(join(work, path)), { recursive: true })
    writeFileSync(join(work, path), '')
  }
  writeFileSync(join(work, 'output', 'modules.order'), 'drivers/plant/pump.o\n')
})
afterEach(() => removeDirectory(work))

/** What of it is gone after a change, where the tree has none of `gone` any more. */
function forgotten(changed: readonly string[], gone: readonly string[] = []): readonly string[] {
  if (arch === undefined) throw new Error('there is no architecture')
  const hasPath = (path: string): boolean => !gone.includes(path)
  for (const [program = '', ...args] of forgetStale({ changed, hasPath }, profile, arch))
    expect(spawnSync(program, args, { cwd: work }).status).toBe(0)
  const left = readdirSync(work, { recursive: true, encoding: 'utf8' })
  return made.filter((path) => !left.includes(path))
}

describe('what a change leaves stale', () => {
  it('is nothing where a source changes, which make sees', () => {
    expect(forgotten(['drivers/plant/pump.c'])).toEqual([])
  })

  it('is what was made of a source that is gone', () => {
    const path = 'drivers/plant/pump.c'
    expect(forgotten([path], [path])).toEqual(made.slice(0, 3))
  })

  it('is of an external module only what builds make, never a source', () => {
    const path = 'tools/tests/plant/pump.c'
    expect(forgotten([path], [path])).toEqual(['source/tools/tests/plant/pump.o'])
  })

  it('is what is below a makefile', () => {
    expect(forgotten(['drivers/valve/Makefile'])).toEqual(['output/drivers/valve/valve.o'])
    expect(forgotten(['tools/tests/Makefile'])).toContain('source/tools/tests/plant/pump.o')
  })

  it('is where modules are, for a makefile that all are made by', () => {
    expect(forgotten(['scripts/Makefile.modfinal'])).toEqual([...made.slice(0, 4), 'source/tools/tests/plant/pump.o'])
  })

  it('is found by its name, not by what find takes for a pattern', () => {
    expect(forgotten(['drivers/plant/*.c'], ['drivers/plant/*.c'])).toEqual([])
  })
})
