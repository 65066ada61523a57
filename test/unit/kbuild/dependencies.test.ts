import { describe, expect, it } from 'vitest'
import { createConditions } from '../../../src/cond/conditions.ts'
import { createComparison, isSameValue } from '../../../src/kbuild/dependencies.ts'
import { evaluated } from '../make/evaluated.ts'

const conditions = createConditions()

/** The value of `flags` at the end of a makefile. */
const flags = (text: string) => evaluated(text, { conditions }).evaluation.value('flags')

describe('isSameValue', () => {
  const written = [
    'flags := -O2',
    'flags := -O2 -g',
    'flags := -O$(CONFIG_LEVEL)',
    'flags := -O$(CONFIG_OTHER)',
    'flags := $(if $(CONFIG_LEVEL),-O2)',
    'flags := $(if $(CONFIG_OTHER),-O2)',
    'flags := -O2\nflags += -g',
    'flags = -O2\nflags += -g',
    'flags := -O2\nifdef CONFIG_LEVEL\nflags += -g\nendif',
    'flags := $(shell uname -m)',
    'flags := $(shell uname -r)',
    'flags :=',
  ]

  it('takes values that hold one another twice again and again for different, rather than walk all of them', () => {
    const doubling = `X := a\n${'X := $(X)$(X)$(CONFIG_LEVEL)\n'.repeat(40)}flags := $(X)\n`
    const nested = `X = $(CONFIG_LEVEL)\n${Array.from({ length: 40 }, (_, at) => `Y${at + 1} := $(Y${at})$(X)$(Y${at})\n`).join('')}flags := $(Y40)\n`
    for (const text of [doubling, nested])
      expect(typeof isSameValue(flags(text), flags(`# moved\n${text}`))).toBe('boolean')
  })

  it('knows values again that are written elsewhere', () => {
    for (const text of written)
      expect([text, isSameValue(flags(text), flags(`# moved\n\n${text}`))]).toEqual([text, true])
  })

  it('tells all others apart', () => {
    const values = written.map(flags)
    const same = values.flatMap((one, at) => values.flatMap((other, to) => (isSameValue(one, other) ? [[at, to]] : [])))
    expect(same).toEqual(written.map((_, at) => [at, at]))
    expect(isSameValue(undefined, values[0])).toBe(false)
    expect(isSameValue(values[0], undefined)).toBe(false)
    expect(isSameValue(undefined, undefined)).toBe(true)
  })
})

describe('createComparison', () => {
  it('names what differs, or is in one of the two alone', () => {
    const [plain, traced] = [flags('flags := -O2'), flags('flags := -pg')]
    const left = new Map([
      ['CC_FLAGS', plain],
      ['BITS', plain],
      ['KBUILD_CFLAGS', plain],
    ])
    const right = new Map([
      ['CC_FLAGS', traced],
      ['BITS', flags('\nflags := -O2')],
      ['CHECKFLAGS', plain],
    ])
    const differing = createComparison()
    expect([...differing(left, right)].sort()).toEqual(['CC_FLAGS', 'CHECKFLAGS', 'KBUILD_CFLAGS'])
    expect(differing(left, right)).toBe(differing(left, right))
    expect(differing(left, left).size).toBe(0)
  })
})
