import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Diagnostic, FailedRecipe, LogPlace, LogReading } from '../../../src/build/diagnostic.ts'
import { kbuildTrees, type LogTrees } from '../../../src/build/log-paths.ts'
import { readLog } from '../../../src/build/read-log.ts'
import { fc } from '../../support/random.ts'

const cases = resolve(import.meta.dirname, 'logs')

/**
 * A case is a directory: `log.txt` as the tools printed it, `files.txt` the files of the source tree, `start.txt` where the command was
 * started (the source where there is none), `expected.txt` what is read of it.
 */

/** The sandbox's paths, with a module directory that stands for drivers/plant as a symlink would; `files` are those of the source. */
function treesOf(files: readonly string[], start = '/build/source'): LogTrees {
  const trees = kbuildTrees({ source: '/build/source', output: '/build/output' }, start, (path) => files.includes(path))
  return { ...trees, roots: [...trees.roots, { directory: '/build/module', root: 'source', at: 'drivers/plant' }] }
}

function printPlace(place: LogPlace | null): string {
  if (place === null) return '-'
  const { root, path, line, column, isPartial } = place
  const position = [line, column].filter((each) => each !== null).map((each) => `:${each}`)
  return `${isPartial ? '.../' : root === 'source' ? '' : `(${root}) `}${path}${position.join('')}`
}

const printRecipe = ({ place, isBuiltin, target, how }: FailedRecipe): string =>
  `  failed ${isBuiltin ? '(builtin)' : printPlace(place)} ${target}: ${how}`

function printDiagnostic(each: Diagnostic): string[] {
  const about = [
    each.option && `[${each.option}]`,
    each.subject && `subject=${each.subject}`,
    each.scope && `in=${each.scope}`,
  ]
  const origin = [each.unit && `unit=${each.unit}`, each.command && `by=${each.command}`]
  return [
    `${each.logLine}: ${each.tool} ${each.severity} ${each.kind} ${printPlace(each.place)}: ${each.message}`,
    `  ${[...about, ...origin, `lines=${each.lines.length}`].filter(Boolean).join(' ')}`,
    ...each.notes.map(({ place, message }) => `  note ${printPlace(place)}: ${message}`),
    ...each.failed.map(printRecipe),
  ]
}

function printReading(reading: LogReading): string {
  const flags = [reading.areSymbolsUnknown && 'symbols unknown', reading.isCut && 'cut'].filter(Boolean)
  const passed = [...reading.passed].map((name) => `passed ${name}`)
  const lines = [...reading.diagnostics.flatMap(printDiagnostic), ...passed, ...flags]
  return lines.map((line) => `${String(line)}\n`).join('')
}

describe('reading a log', () => {
  const names = readdirSync(cases).sort()

  it('has cases', () => {
    expect(names.length).toBeGreaterThan(10)
  })

  it.each(names)('reads %s', (name) => {
    const linesOf = (file: string): string[] => {
      const path = join(cases, name, file)
      return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
    }
    const trees = treesOf(linesOf('files.txt'), linesOf('start.txt')[0])
    const printed = printReading(readLog([readFileSync(join(cases, name, 'log.txt'), 'utf8')], trees))
    const expected = join(cases, name, 'expected.txt')
    if (process.env['UPDATE'] === '1') writeFileSync(expected, printed)
    expect(printed).toBe(readFileSync(expected, 'utf8'))
  })
})

/** A busy machine takes a few seconds; time that grows with the square of the lines would be minutes. */
const maxMs = 15_000

describe('reading a hostile log', () => {
  const trees = treesOf([])
  const pieces = [
    'make[1]: *** [Makefile:3: pump.o] Error 2\n',
    "make: Entering directory `/build/output'\n",
    'pump.c:3:4: error: x\n',
    '    3 | x\n',
    'In file included from a:1,\n',
    '  CC [M]  pump.o\n',
    'not ok 1 pump\n',
    'ERROR: modpost: "a" [b.ko] undefined!\n',
    "ld: a.o: in function `x':\n",
    ': ',
    '[',
    ' ',
    '\u001b',
    'a'.repeat(300),
  ]

  it('reads any sequence of lines to the end', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string())), (parts) => {
        const { diagnostics } = readLog(parts, trees)
        expect(diagnostics.every(({ lines, message }) => lines.length <= 60 && !/[\n\u001b]/.test(message))).toBe(true)
      }),
    )
  })

  it.each([
    ['failures', 'make[2]: *** [Makefile:3: pump.o] Error 1\n'],
    ['errors', "pump.c:3:4: error: 'a' undeclared\n"],
    ['directories', "make[77]: Entering directory '/build/source/drivers'\n../pump.c:1: error: x\n"],
    ['includes', 'In file included from pump.h:1,\n                 from pump.c:2:\n'],
    ['commands', '  CC [M]  drivers/pump.o\n'],
    ['colons', `${'a: '.repeat(1000)}\n`],
  ])(
    'reads twenty-five thousand %s in a few seconds',
    (_, line) => {
      const started = performance.now()
      const { diagnostics } = readLog([line.repeat(25_000)], trees)
      expect(diagnostics.length).toBeLessThanOrEqual(20_000)
      expect(performance.now() - started).toBeLessThan(maxMs)
    },
    2 * maxMs,
  )

  it('says that it has not read all', () => {
    expect(readLog(['a\n'.repeat(20)], trees, { lineLength: 10, lines: 10 }).isCut).toBe(true)
    expect(readLog(['a\n'.repeat(5)], trees, { lineLength: 10, lines: 10 }).isCut).toBe(false)
  })
})
