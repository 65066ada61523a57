import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createConditions } from '../../src/cond/conditions.ts'
import { calledMake } from '../../src/kbuild/called-make.ts'
import { rulesOf } from '../../src/kbuild/directory-rules.ts'
import { explainTarget, explainVariable } from '../../src/kbuild/explain-make.ts'
import { overriddenRecipes } from '../../src/kbuild/overridden-recipes.ts'
import { parseOnce } from '../../src/kbuild/parsed-files.ts'
import { seedsOf } from '../../src/kbuild/run-make.ts'
import type { Settings } from '../../src/kbuild/run-make.ts'
import { evaluateMakefile } from '../../src/make/evaluate.ts'
import type { Evaluation } from '../../src/make/evaluation.ts'
import type { Seeds } from '../../src/make/initial-variables.ts'
import { indexLines, offsetToPosition } from '../../src/text/line-index.ts'
import type { Span } from '../../src/text/span.ts'
import { readTreeLiteral, treeOf } from '../support/tree.ts'
import { settingsOf } from './eval/compare.ts'
import { runMake } from './run.ts'

/**
 * The constructs on which a move of the livepatch selftests into Kbuild failed twice: each a directory with a main.mk that is run, and
 * the makes that its recipes call. A case says in its first lines how (`# command line:`, `# environment:`, `# then: FILE NAME=value`).
 */
const top = join(import.meta.dirname, 'journey')
const tree = treeOf(readTreeLiteral(top))
const parsed = parseOnce(tree)
const conditions = createConditions()
const under = { symbol: () => 'n' as const, atom: () => false }

type Step = { readonly file: string; readonly commandLine: Seeds; readonly inherited: Seeds }

function evaluateStep(directory: string, { file, commandLine, inherited }: Step): Evaluation {
  const path = `${directory}/${file}`
  const makefile = parsed(path)
  if (makefile === null) throw new Error(`no ${path}`)
  return evaluateMakefile(makefile, {
    ...{ conditions, tree, file: path, include: parsed, commandLine, inherited },
    directory: { root: top, path: directory },
    seeds: seedsOf({ CURDIR: join(top, directory) }),
    externalReason: () => null,
  })
}

/** `# then: FILE NAME=value goal`, the makes that are called one by another. */
function callsIn(text: string): readonly { readonly file: string; readonly ownArguments: Settings }[] {
  return [...text.matchAll(/^# then: (\S+)(.*)$/gm)].map(([, file = '', rest = '']) => ({
    file,
    ownArguments: settingsOf(`# own: ${rest.split(' ').filter((word) => word.includes('=')).join(' ')}`, 'own'),
  }))
}

function chainOf(directory: string, text: string): readonly Evaluation[] {
  let commandLine: Settings = settingsOf(text, 'command line')
  let evaluation = evaluateStep(directory, {
    ...{ file: 'main.mk', commandLine: seedsOf(commandLine) },
    inherited: seedsOf(settingsOf(text, 'environment')),
  })
  const chain = [evaluation]
  for (const { file, ownArguments } of callsIn(text)) {
    const called = calledMake(conditions, evaluation, { commandLine, ownArguments })
    expect(called.isCertain).toBe(true)
    commandLine = Object.fromEntries([...called.commandLine.keys()].map((name) => [name, textOf(called.commandLine, name)]))
    evaluation = evaluateStep(directory, { file, ...called })
    chain.push(evaluation)
  }
  return chain
}

function textOf(seeds: Seeds, name: string): string {
  const value = seeds.get(name)
  return value?.kind === 'text' ? value.text : ''
}

/** The lines that print.inc makes each makefile print. */
function printed(evaluation: Evaluation, level: number): readonly string[] {
  return evaluation.words('print').words.map(({ text: name }) => {
    const [value, origin] = [evaluation.text(name, under), evaluation.expand(`$(origin ${name})`)]
    const [word] = evaluation.wordsOf(origin).words
    const originText = evaluation.wordsOf(origin).words.map(({ text }) => text).join(' ')
    return `@@${level} ${name}|${value.kind === 'text' ? value.text : '?'}|${word === undefined ? '' : originText}`
  })
}

const lineOf = ({ file, start }: Span): string => {
  const { line } = offsetToPosition(indexLines(tree.read(file) ?? ''), start)
  return `${file.slice(file.lastIndexOf('/') + 1)}:${line}`
}

const names = readdirSync(top, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => (existsSync(join(top, name, 'main.mk')) ? name : `${name}/sub`))

describe.each(names)('%s', (directory) => {
  const text = readFileSync(join(top, directory, 'main.mk'), 'utf8')
  const settings = Object.entries(settingsOf(text, 'command line')).map(([name, value]) => `${name}=${value}`)
  const run = runMake(
    join(top, directory),
    ['-rR', '--no-print-directory', '-f', 'main.mk', ...settings],
    settingsOf(text, 'environment'),
  )
  const chain = chainOf(directory, text)

  it('sets in each make that is called what GNU make sets', () => {
    const theirs = run.stdout.split('\n').filter((line) => /^@@\d/.test(line))
    expect(chain.flatMap((evaluation, level) => printed(evaluation, level))).toEqual(theirs)
  })

  it('gives a shell the variables that GNU make gives it', () => {
    const [main] = chain
    if (main === undefined) throw new Error('no main.mk')
    const { inherited } = calledMake(conditions, main, { commandLine: {}, ownArguments: {} })
    for (const [, name = '', value] of run.stdout.matchAll(/^@@shell ([^|]*)\|(.*)$/gm)) {
      const given = inherited.get(name)
      const words = given === undefined ? [] : main.wordsOf(given).words
      expect(`${name}|${words.map((word) => word.text).join(' ')}`).toBe(`${name}|${value}`)
    }
  })

  it('drops the recipes that GNU make says it drops', () => {
    const theirs = [
      ...run.stderr.matchAll(
        /^(.*): warning: overriding recipe for target '(.*)'\n(.*): warning: ignoring old recipe for target/gm,
      ),
    ].map(([, later, target, earlier]) => `${target}: ${earlier} for ${later}`)
    const ours = chain.flatMap((evaluation) =>
      overriddenRecipes(rulesOf(conditions, evaluation)).map(({ target, earlier, later }) => {
        const [old, last] = [earlier.recipe[0]?.origin, later.recipe[0]?.origin]
        return `${target}: ${lineOf(old ?? earlier.origin)} for ${lineOf(last ?? later.origin)}`
      }),
    )
    expect(ours).toEqual(theirs)
  })
})

describe('what is explained', () => {
  const explain = (directory: string, step: number, name: string): readonly string[] => {
    const evaluation = chainOf(directory, readFileSync(join(top, directory, 'main.mk'), 'utf8'))[step]
    if (evaluation === undefined) throw new Error(`no step ${step} of ${directory}`)
    const targets = explainTarget(conditions, rulesOf(conditions, evaluation), { name, lineOf })
    return targets.length > 0 ? targets : explainVariable(conditions, evaluation, { name, lineOf })
  }

  it('is which recipe of a target is run, which is dropped, and why prerequisites are there', () => {
    expect(explain('library-overrides', 0, 'all')).toEqual([
      'all: the recipe of lib.mk:2 is run',
      'all: the recipe of main.mk:4 is dropped for that of lib.mk:2',
      'all: needs generated, lib.mk:1',
      'all: needs directories, lib.mk:1',
    ])
    expect(explain('duplicate-targets', 0, 'once')).toEqual([
      'once: the recipe of main.mk:8 is run',
      'once: needs second, main.mk:7',
      'once: needs first, main.mk:6',
      'once: needs third, main.mk:9',
    ])
  })

  it('is that the line that reads `M=` is not reached', () => {
    expect(explain('extmod-lost', 2, 'KBUILD_EXTMOD')).toEqual([
      'KBUILD_EXTMOD: comes from the command line or the environment',
      'KBUILD_EXTMOD: exported',
    ])
    expect(explain('extmod-unset', 2, 'KBUILD_EXTMOD')).toEqual([
      'KBUILD_EXTMOD: comes from the command line or the environment',
      'KBUILD_EXTMOD: := at kernel.mk:5',
      'KBUILD_EXTMOD: exported',
    ])
    expect(explain('extmod-lost', 2, 'Q')).toEqual(['Q: not set by any line that make reaches'])
  })
})
