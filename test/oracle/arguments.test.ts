import { describe, expect, it } from 'vitest'
import type { Expr, Makefile, Part } from '../../src/make/cst.ts'
import { literalText, textOf } from '../../src/make/expr-text.ts'
import { KNOWN_FUNCTIONS } from '../../src/make/known-functions.ts'
import { parseMakefile } from '../../src/make/parse.ts'
import { makeVersion, oracleCases, runMake } from './run.ts'

/** What the `$(info ...)` lines of a makefile print, by the arguments in our tree. */
function printed(makefile: Makefile): string[] {
  return makefile.nodes.flatMap((node) => {
    if (node.kind !== 'eval') return []
    const [info] = node.expr.parts
    if (info?.kind !== 'call' || info.fn !== 'info') throw new Error(`no info: ${textOf(makefile.text, node)}`)
    return info.args.map((arg) => arg.parts.map((part) => resultOf(makefile.text, part)).join(''))
  })
}

function resultOf(text: string, part: Part): string {
  if (part.kind !== 'call') throw new Error(`no call: ${textOf(text, part)}`)
  const args = part.args.map((arg) => literal(text, arg))
  switch (part.fn) {
    case 'call':
      return [1, 2, 3, 4].map((index) => `[${args[index] ?? ''}]`).join('')
    case 'if':
      return (args[0] === '' ? args[2] : args[1]) ?? ''
    case 'or':
      return args.find((arg) => arg !== '') ?? ''
    case 'strip':
      return args.join('!').trim().replace(/\s+/g, ' ')
    default:
      throw new Error(`no case for ${part.fn}`)
  }
}

function literal(text: string, arg: Expr): string {
  const value = literalText(text, arg)
  if (value === null) throw new Error(`no literal: ${textOf(text, arg)}`)
  return value
}

describe.each(oracleCases('arguments'))('$name', ({ directory, file, text }) => {
  it('prints the arguments that our tree has', () => {
    const { stdout } = runMake(directory, ['-nrR', '-f', file])
    const lines = printed(parseMakefile(text))
    expect(stdout.split('\n').slice(0, lines.length)).toEqual(lines)
  })
})

/** Functions that came with make 4.4 (its NEWS). */
const NEWER = new Set(['let', 'intcmp'])
const isOld = ['4.0', '4.1', '4.2', '4.3'].some((version) => makeVersion().startsWith(version))

describe.each([...KNOWN_FUNCTIONS.values()].filter(({ name }) => !isOld || !NEWER.has(name)))('$name', ({ name, min }) => {
  const errorOf = (line: string): string => runMake('/', ['-nrR', '--eval', line, '-f', '/dev/null']).stderr

  it('is a function of make', () => {
    expect(errorOf(`$(${name} `)).toContain(`unterminated call to function '${name}'`)
  })

  it.each([1, 2, 3].filter((count) => count < min))('wants more than %i arguments', (count) => {
    const message = `insufficient number of arguments (${count}) to function '${name}'`
    expect(errorOf(`X := $(${name} ${Array.from({ length: count }, () => '1').join(',')})`)).toContain(message)
  })

  it('is content with as many as the table says', () => {
    const args = Array.from({ length: Math.max(min, 1) }, () => '1')
    expect(errorOf(`X := $(${name} ${args.join(',')})`)).not.toContain('insufficient')
  })
})

it('has no function that this make lacks, but for those of 4.4', () => {
  for (const name of ['ifdef', 'filterout', 'wordlists', 'uc', 'cc-option']) {
    const { stderr } = runMake('/', ['-nrR', '--eval', `$(${name} `, '-f', '/dev/null'])
    expect(stderr, name).toContain('unterminated variable reference')
    expect(KNOWN_FUNCTIONS.has(name), name).toBe(false)
  }
})
