import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Tristate } from '../../src/cond/conditions.ts'
import { parseMakefile } from '../../src/make/parse.ts'
import { readTreeLiteral, treeOf } from '../support/tree.ts'
import { compareUnder, evaluateSubject, randomConfiguration, randomFrom, settingsOf, symbolsIn } from './eval/compare.ts'
import type { Configuration, Subject } from './eval/compare.ts'
import { oracleCases } from './run.ts'

const values: readonly Tristate[] = ['n', 'm', 'y']

/** All configurations of up to two symbols, else some by chance and those where all are alike; answers to questions alternate. */
function configurationsOf(symbols: readonly string[]): readonly Configuration[] {
  const random = randomFrom(symbols.length)
  const alike = values.map((value) => new Map(symbols.map((name) => [name, value])))
  const [first = 'NONE', second] = symbols
  const maps =
    symbols.length > 2
      ? [...alike, ...Array.from({ length: 6 }, () => randomConfiguration(symbols, random).symbols)]
      : second === undefined
        ? values.map((value) => new Map([[first, value]]))
        : values.flatMap((one) => values.map((two) => new Map([[first, one], [second, two]])))
  return maps.map((symbols, index) => ({ symbols, answer: index % 2 === 0 }))
}

/** The variables that a case says are unknown to us, in its first line. */
function saidUnknown(text: string): readonly string[] {
  return (/^# unknown: (.*)$/m.exec(text)?.[1] ?? '').split(' ').filter((name) => name !== '')
}

const directory = join(import.meta.dirname, 'eval')
const tree = treeOf(readTreeLiteral(directory))
const include = (path: string) => {
  const text = tree.read(path)
  return text === null ? null : parseMakefile(text)
}

describe.concurrent.each(oracleCases('eval'))('$name', ({ file, text }) => {
  const subject: Subject = { path: file, text, directory, preamble: 'srctree := .\n', options: { tree, include, externalReason: () => null },
    commandLine: settingsOf(text, 'command line'), inherited: settingsOf(text, 'environment') }
  const evaluation = evaluateSubject(subject)

  it('gives every variable the value that GNU make gives it, under every configuration', async () => {
    const configurations = configurationsOf(symbolsIn(text))
    const runs = await Promise.all(configurations.map((each) => compareUnder(subject, evaluation, each)))
    expect(runs.flatMap(({ failure }) => failure ?? [])).toEqual([])
    expect(runs.flatMap(({ differences }) => differences)).toEqual([])
    expect(runs.every(({ compared }) => compared > 1)).toBe(true)
  })

  it('knows every variable but those that the case names', () => {
    const unknown = evaluation.names.filter((name) => evaluation.words(name).unknown.length > 0)
    expect(unknown).toEqual([...saidUnknown(text)].sort())
  })
})

describe('the cases', () => {
  it('each say in their first line what they show', () => {
    const files = readdirSync(directory).filter((file) => file.endsWith('.mk'))
    expect(files.length).toBeGreaterThanOrEqual(60)
    for (const file of files) expect(readFileSync(join(directory, file), 'utf8')).toMatch(/^# \S/)
  })
})
