import { describe, expect, it } from 'vitest'
import { parseMakefile } from '../../../src/make/parse.ts'
import { shapeOf } from './shape.ts'

describe('comparisons', () => {
  it.each([
    ['ifeq (a,b)', 'ifeq [a] [b]'],
    ['ifneq ($(A), $(B))', 'ifneq [<A>] [<B>]'],
    ['ifeq ( a , b )', 'ifeq [ a] [b ]'],
    ['ifeq ($(call f,a,b),y)', 'ifeq [<call|f|a|b>] [y]'],
    ['ifeq ((a,b),c)', 'ifeq [(a,b)] [c]'],
    ['ifeq (a,(b),c)', 'ifeq [a] [(b),c]'],
    ['ifeq (,)', 'ifeq [] []'],
    ['ifeq "a" "b"', 'ifeq [a] [b]'],
    [`ifeq 'a'"b"`, 'ifeq [a] [b]'],
    [`ifeq "a b"   'c(d'`, 'ifeq [a b] [c(d]'],
    ['ifeq\t(a,\\\n\tb)', 'ifeq [a] [b]'],
  ])('reads `%s`', (line, shape) => {
    expect(shapeOf(`${line}\nendif\n`)).toEqual([shape, 'endif'])
  })

  it('counts round brackets only, so that a comma in braces ends the first side', () => {
    expect(shapeOf('ifeq (${subst a,b,c},d)\nendif\n')).toEqual([
      "ifeq [<!unterminated call to function 'subst': missing '}'>] [b,c},d]",
      'endif',
    ])
  })

  it.each(['ifeq', 'ifeq a b', 'ifeq (a)', 'ifeq (a,b', 'ifeq "a', 'ifeq "a" b', 'ifeq (a, (b)'])(
    'refuses `%s`',
    (line) => {
      expect(shapeOf(`${line}\nendif\n`)).toEqual(['bad test: invalid syntax in conditional', 'endif'])
    },
  )

  it('takes one without a blank behind the keyword as the conditional that was meant, and refuses it', () => {
    const shape = ['bad test: missing separator (ifeq/ifneq must be followed by whitespace)', '  X := 1', 'endif']
    expect(shapeOf('ifeq(a,b)\nX := 1\nendif\n')).toEqual(shape)
    expect(shapeOf('ifneq"a" "b"\nX := 1\nendif\n')).toEqual(shape)
    expect(shapeOf('ifeq(a): b\n')).toEqual(['rule ifeq(a) : b'])
  })
})

describe('definedness', () => {
  it('reads a name, computed or none', () => {
    expect(shapeOf('ifdef CONFIG_X # x\nendif\nifndef $(Y)-z\nendif\nifdef\nendif\n')).toEqual([
      'ifdef [CONFIG_X]',
      'endif',
      'ifndef [<Y>-z]',
      'endif',
      'ifdef []',
      'endif',
    ])
  })

  it.each(['ifdef A B', 'ifdef A $$', 'ifndef A$(x) B', 'ifdef $(A) B'])(
    'refuses `%s`: more than one word, whatever is in it',
    (line) => {
      expect(shapeOf(`${line}\nendif\n`)).toEqual(['bad test: invalid syntax in conditional', 'endif'])
    },
  )

  it('leaves open what references make of it', () => {
    expect(shapeOf('ifdef A $(B)\nendif\n')).toEqual(['ifdef [A <B>]', 'endif'])
  })
})

describe('branches', () => {
  it('keeps a chain of else flat', () => {
    expect(shapeOf('ifeq (a,b)\nA=1\nelse ifdef C\nA=2\nelse  ifneq (d,e)\nA=3\nelse\nA=4\nendif\n')).toEqual([
      'ifeq [a] [b]',
      '  A = 1',
      'else ifdef [C]',
      '  A = 2',
      'else ifneq [d] [e]',
      '  A = 3',
      'else',
      '  A = 4',
      'endif',
    ])
  })

  it('nests', () => {
    expect(shapeOf('ifdef A\nifdef B\nendif\nelse\nifdef C\nelse\nX=1\nendif\nendif\n')).toEqual([
      'ifdef [A]',
      '  ifdef [B]',
      '  endif',
      'else',
      '  ifdef [C]',
      '  else',
      '    X = 1',
      '  endif',
      'endif',
    ])
  })

  it('takes an else with other text as a plain one that another may follow', () => {
    expect(shapeOf('ifdef A\nelse B\nelse\nendif C\n')).toEqual(['ifdef [A]', 'else', 'else', 'endif'])
  })

  it('refuses a second else', () => {
    expect(shapeOf('ifdef A\nelse\nelse\nelse ifdef B\nendif\n')).toEqual([
      'ifdef [A]',
      'else',
      "  bad: only one 'else' per conditional",
      "  bad: only one 'else' per conditional",
      'endif',
    ])
  })

  it('refuses else and endif without an if', () => {
    expect(shapeOf('else\nendif\n')).toEqual(["bad: extraneous 'else'", "bad: extraneous 'endif'"])
  })

  it('ends all that are open at the end of the text', () => {
    expect(shapeOf('ifdef A\nifdef B\nX=1')).toEqual([
      'ifdef [A]',
      '  ifdef [B]',
      '    X = 1',
      '  no endif',
      'no endif',
    ])
  })

  it('has the ranges of its lines and of the whole', () => {
    const text = 'ifdef A\nX=1\nelse ifdef B\nendif\n'
    expect(parseMakefile(text).nodes).toMatchObject([
      {
        range: { start: 0, end: text.length },
        branches: [
          { range: { start: 0, end: 8 }, keyword: { start: 0, end: 5 }, test: { range: { start: 0, end: 7 } } },
          { range: { start: 12, end: 25 }, keyword: { start: 12, end: 16 }, test: { range: { start: 17, end: 24 } } },
        ],
        endif: { range: { start: 25, end: text.length } },
      },
    ])
  })
})

describe('hostile nesting', () => {
  it('makes one bad node of what is nested too deeply, and goes on behind it', () => {
    const text = 'ifdef A\n'.repeat(100_000) + 'else\n'.repeat(100_000) + 'endif\n'.repeat(100_000) + 'X := 1\n'
    const shape = shapeOf(text)
    expect(shape).toContain(`${'  '.repeat(200)}bad: conditionals nested too deeply`)
    expect(shape.at(-1)).toBe('X := 1')
  })

  it('survives a hundred thousand that never end', () => {
    expect(shapeOf('ifdef A\n'.repeat(100_000))).toContain(`${'  '.repeat(200)}bad: conditionals nested too deeply`)
  })
})
