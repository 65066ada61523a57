import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createConditions } from '../../src/cond/conditions.ts'
import type { Assignment, Tristate } from '../../src/cond/conditions.ts'
import { evaluateMakefile } from '../../src/make/evaluate.ts'
import { exportedCond } from '../../src/make/exports.ts'
import { parseMakefile } from '../../src/make/parse.ts'
import { seedsOf, settingsOf } from './eval/compare.ts'
import { oracleCases, runMake } from './run.ts'

const directory = join(import.meta.dirname, 'eval/exports')
const values: readonly Tristate[] = ['n', 'm', 'y']

/** What make and the shell set themselves. */
const ownNames: ReadonlySet<string> = new Set(
  ['PATH', 'LC_ALL', 'MAKELEVEL', 'MAKEFLAGS', 'MFLAGS', 'MAKEOVERRIDES', 'PWD', 'SHLVL', '_', 'OLDPWD', 'CURDIR', 'GNUMAKEFLAGS',  'MAKEFILE_LIST'],
)

describe.each(oracleCases('eval/exports'))('$name', ({ file, text }) => {
  const conditions = createConditions()
  const commandLine = settingsOf(text, 'command line')
  const inherited = settingsOf(text, 'environment')
  const evaluation = evaluateMakefile(parseMakefile(text), {
    conditions,
    file,
    commandLine: seedsOf(commandLine),
    inherited: seedsOf(inherited),
  })

  it.each(values)('gives commands the variables that GNU make gives them when USB is %s', (value) => {
    const config = value === 'n' ? [] : [`CONFIG_USB=${value}`]
    const settings = Object.entries(commandLine).map(([name, setting]) => `${name}=${setting}`)
    const run = runMake(directory, ['-rRs', '-f', file, ...settings, ...config], inherited)
    const theirs = run.stdout.split('\n').flatMap((line) => /^([^=]+)=/.exec(line)?.[1] ?? [])
    const under: Assignment = { symbol: (name) => (name === 'USB' ? value : 'n'), atom: () => false }
    const names = [...new Set([...evaluation.names, ...Object.keys(commandLine), ...Object.keys(inherited)])]
    const ours = names.filter((name) => conditions.holds(exportedCond(conditions, evaluation, name), under))
    const isCompared = (name: string): boolean => !ownNames.has(name) && !name.startsWith('CONFIG_')
    expect(run.stderr).toBe('')
    expect(ours.filter(isCompared).sort()).toEqual(theirs.filter(isCompared).sort())
  })
})
