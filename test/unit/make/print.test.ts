import { describe, expect, it } from 'vitest'
import { defineBody } from '../../../src/make/define.ts'
import { parseMakefile } from '../../../src/make/parse.ts'
import { printMakefile, tokensOf } from '../../../src/make/print.ts'
import { syntaxErrors } from '../../../src/make/syntax-errors.ts'
import { exprsOf, visitNodes, visitParts } from '../../../src/make/visit.ts'
import { fc } from '../../support/random.ts'

/** What makefiles are made of, and what breaks them. */
const PIECES = [
  ...[
    'ifdef',
    'ifndef',
    'ifeq',
    'ifneq',
    'else',
    'endif',
    'define',
    'endef',
    'export',
    'unexport',
    'override',
    'private',
  ],
  ...[
    'include',
    '-include',
    'undefine',
    'vpath',
    'load',
    '.RECIPEPREFIX',
    'call',
    'if',
    'foreach',
    'subst',
    'obj-y',
    'a.o',
  ],
  ...[
    '\n',
    '\n',
    '\n',
    '\n\t',
    '\t',
    ' ',
    ' ',
    '\\\n',
    '\\\r\n',
    '\r\n',
    '\\',
    '\\\\',
    '#',
    '\\#',
    '\f',
    '\0',
    '\ufeff',
    'é',
    '\ud83d',
  ],
  ...[
    '$',
    '$$',
    '$(',
    '${',
    ')',
    '}',
    '(',
    ',',
    '"',
    "'",
    ':',
    '::',
    '&:',
    ';',
    '|',
    '%',
    '=',
    ':=',
    '+=',
    '?=',
    '!=',
    ':::=',
  ],
]

const makefiles = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(''))

/** Each token starts where the one before ended, none is empty, and the last ends with the text. */
function expectTiling(text: string): void {
  let at = 0
  for (const token of tokensOf(parseMakefile(text).nodes)) {
    expect(token.start).toBe(at)
    expect(token.end).toBeGreaterThan(token.start)
    at = token.end
  }
  expect(at).toBe(text.length)
}

describe('printMakefile', () => {
  it('gives the text again for anything made of what makefiles are made of', () => {
    fc.assert(
      fc.property(makefiles, (text) => {
        expect(printMakefile(parseMakefile(text))).toBe(text)
        expectTiling(text)
      }),
      { numRuns: 5000 },
    )
  })

  it('gives the text again for any string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(printMakefile(parseMakefile(text))).toBe(text)
        expectTiling(text)
      }),
    )
  })

  it('prints tokens, not the text that it was given', () => {
    const makefile = parseMakefile('ifdef X\nA := 1\nendif\n')
    expect(printMakefile({ ...makefile, nodes: [] })).toBe('')
    expect(printMakefile({ ...makefile, text: makefile.text.toUpperCase() })).toBe('IFDEF X\nA := 1\nENDIF\n')
  })
})

describe('the tree of any text', () => {
  it('has every expression and part inside the one around it, in order', () => {
    fc.assert(
      fc.property(makefiles, (text) => {
        for (const { node } of visitNodes(parseMakefile(text).nodes)) {
          for (const { expr } of exprsOf(node)) {
            expect(expr.range.start).toBeGreaterThanOrEqual(node.range.start)
            expect(expr.range.end).toBeLessThanOrEqual(node.range.end)
            let at = expr.range.start
            for (const part of expr.parts) {
              expect(part.range.start).toBeGreaterThanOrEqual(at)
              expect(part.range.end).toBeGreaterThan(part.range.start)
              at = part.range.end
            }
            expect(at).toBeLessThanOrEqual(expr.range.end)
          }
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('has literals that are their text, or say what they stand for', () => {
    fc.assert(
      fc.property(makefiles, (text) => {
        for (const { node } of visitNodes(parseMakefile(text).nodes)) {
          for (const { expr } of exprsOf(node)) {
            for (const part of visitParts(expr)) {
              if (part.kind !== 'literal') continue
              const written = text.slice(part.range.start, part.range.end)
              expect(part.cooked).not.toBe(written)
              if (part.cooked === null && node.kind !== 'recipe' && node.kind !== 'rule')
                expect(written).not.toContain('\n')
            }
          }
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('can be read again in the bodies of definitions, and asked for its faults', () => {
    fc.assert(
      fc.property(makefiles, (text) => {
        const makefile = parseMakefile(text)
        syntaxErrors(makefile)
        for (const { node } of visitNodes(makefile.nodes)) {
          if (node.kind !== 'define') continue
          expect(printMakefile(defineBody(makefile, node))).toBe(text.slice(node.body.start, node.body.end))
        }
      }),
      { numRuns: 2000 },
    )
  })
})

/** Ten times what the slowest of these took of the processor; work that grows with the square of the text takes minutes. */
const LONGEST_MS = 2500

describe('time', () => {
  it.each([
    ['continued lines', 'X := a \\\n'],
    ['backslashes', 'a\\'],
    ['continued comments', '# c \\\n'],
    ['semicolons', 'a: b ; '],
    ['calls', '$(call f,'],
    ['references', '$(a) '],
    ['quoted colons', 'a\\:'],
    ['brackets', 'ifeq ('],
    ['definitions', 'define a\n'],
    ['conditionals', 'ifdef a\n'],
    ['branches', 'else ifdef a\n'],
    ['NULs', '\0\n'],
    ['recipes', '\t$(x \\\n'],
    ['quoted hashes', '\\#'],
    ['bars', '|'],
  ])('stays in proportion for 80,000 %s', (_, piece) => {
    const text = `all: x\n${piece.repeat(80_000)}`
    const started = process.cpuUsage()
    syntaxErrors(parseMakefile(text))
    const { user, system } = process.cpuUsage(started)
    expect((user + system) / 1000).toBeLessThan(LONGEST_MS)
  })
})
