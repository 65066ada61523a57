import { describe, expect, it } from 'vitest'
import type { Assignment, Tristate } from '../../../src/cond/conditions.ts'
import { always, createConditions } from '../../../src/cond/conditions.ts'
import { nonEmptyCond } from '../../../src/make/tests.ts'
import { createValueScope } from '../../../src/make/scope.ts'
import { wordsOf } from '../../../src/make/guarded-words.ts'
import { concatValues, listValue, textValue, unknownValue, valueWhen } from '../../../src/make/value.ts'
import type { Value } from '../../../src/make/value.ts'
import { worldsOf } from '../../../src/make/worlds.ts'
import { randomFrom } from '../../oracle/eval/compare.ts'
import { randomMakefile } from '../../oracle/eval/random-makefile.ts'
import { evaluated } from './evaluated.ts'

const configurations: readonly Assignment[] = (['n', 'm', 'y'] as const).flatMap((usb) =>
  (['n', 'm', 'y'] as const).map((pci) => ({
    symbol: (name: string): Tristate => (name === 'USB' ? usb : pci),
    atom: () => false,
  })),
)

describe('words under conditions', () => {
  it('are under each configuration the words of the string that the value is there', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const { conditions, evaluation } = evaluated(randomMakefile(randomFrom(seed)))
      for (const name of evaluation.names) {
        const { words } = evaluation.words(name)
        for (const under of configurations) {
          const text = evaluation.text(name, under)
          const there = words.filter(({ when }) => conditions.holds(when, under)).map((word) => word.text)
          expect({ seed, name, words: there }).toEqual({
            seed,
            name,
            words: text.kind === 'text' ? text.text.split(/\s+/).filter((word) => word !== '') : [],
          })
        }
      }
    }
  })
})

describe('a value', () => {
  const conditions = createConditions()
  const scope = createValueScope(conditions, 100_000)
  const usb = conditions.isSet('USB')
  const site = { file: 'drivers/usb/Makefile', start: 0, end: 1 }
  const text = (of: string): Value => textValue(of, null)
  const concat = (...values: readonly Value[]): Value => concatValues(values.map((value) => ({ value, site })))
  const words = (value: Value) => wordsOf(scope, value).words.map(({ text: word, when }) => [word, when])

  it('that a list is glued to has each word of the list once, whatever follows it', () => {
    const pci = conditions.isSet('PCI')
    const list = listValue([
      { value: text('hub.o'), when: usb, counts: 'nonempty' },
      { value: text('phy.o'), when: pci, counts: 'nonempty' },
      { value: text('port.o'), when: always, counts: 'nonempty' },
    ])
    const neither = conditions.not(conditions.or(usb, pci))
    expect(words(concat(text('x'), list))).toEqual([
      ['xhub.o', usb],
      ['xphy.o', conditions.without(pci, usb)],
      ['phy.o', conditions.and(usb, pci)],
      ['xport.o', neither],
      ['port.o', conditions.not(neither)],
    ])
  })

  it('goes on behind an element that is empty and does not count, though something in that counts', () => {
    const blank = listValue([
      { value: text(''), when: always, counts: 'always' },
      { value: text(''), when: usb, counts: 'nonempty' },
    ])
    const list = listValue([
      { value: blank, when: always, counts: 'nonempty' },
      { value: text('port.o'), when: always, counts: 'nonempty' },
    ])
    expect(words(concat(text('x'), list))).toEqual([['xport.o', always]])
  })

  it('that touches a list grows together with its first and last words, where they are there', () => {
    const list = listValue([
      { value: text('hub.o'), when: usb, counts: 'nonempty' },
      { value: text('port.o'), when: always, counts: 'nonempty' },
    ])
    expect(words(concat(text('x'), list, text('y')))).toEqual([
      ['xhub.o', usb],
      ['xport.oy', conditions.not(usb)],
      ['port.oy', usb],
    ])
  })

  it('with blanks that are there only sometimes is one word or two', () => {
    const value = concat(text('hub'), valueWhen(usb, text(' ')), text('port'))
    expect(words(value)).toEqual([
      ['hub', usb],
      ['hubport', conditions.not(usb)],
      ['port', usb],
    ])
  })

  it('that is not known swallows the characters that touch it, and no others', () => {
    const unknown = unknownValue({ kind: 'shell', reason: 'a command is run', key: '$(shell date)' }, site)
    const result = wordsOf(scope, concat(text('a x'), unknown, text('y b')))
    expect(result.words.map((word) => word.text)).toEqual(['a', 'b'])
    expect(result.unknown.map(({ when, unknown: { kind }, origin }) => ({ when, kind, origin }))).toEqual([
      { when: always, kind: 'shell', origin: site },
    ])
  })

  it('is empty where no part of it is there', () => {
    const parts = concat(valueWhen(usb, text('hub')), valueWhen(conditions.isSet('PCI'), text('pci')))
    expect(nonEmptyCond(scope, parts)).toBe(conditions.or(usb, conditions.isSet('PCI')))
    const blanks = listValue([
      { value: text(''), when: usb, counts: 'always' },
      { value: text(''), when: always, counts: 'always' },
    ])
    expect(nonEmptyCond(scope, blanks)).toBe(usb)
  })

  it('has a world for each string that it can be, covering every configuration once', () => {
    const value = concat(text('obj-'), valueWhen(usb, text('y')), valueWhen(conditions.isSet('PCI'), text('y')))
    const worlds = worldsOf(scope, value)
    expect(worlds.map((world) => world.text).sort()).toEqual(['obj-', 'obj-y', 'obj-yy'])
    expect(worlds.reduce((sum, { when }) => conditions.or(sum, when), 0)).toBe(always)
    for (const one of worlds) {
      for (const other of worlds) expect(one === other || conditions.excludes(one.when, other.when)).toBe(true)
    }
  })

  it('with too many alternatives is one unknown world', () => {
    const parts = Array.from({ length: 10 }, (_, index) => valueWhen(conditions.isSet(`D${index}`), text(`${index}`)))
    const worlds = worldsOf(scope, concat(...parts))
    expect(worlds).toHaveLength(1)
    expect(worlds[0]?.unknown?.reason).toBe('too many alternatives')
  })
})
