import { describe, expect, it } from 'vitest'
import { loadKconfig } from '../../../src/kconfig/load.ts'
import type { KconfigModel } from '../../../src/kconfig/model.ts'
import { treeOf } from '../../support/tree.ts'

/** A model of one file, in which the shell answers what `answers` says. */
function modelOf(text: string, answers: Readonly<Record<string, string>> = {}): KconfigModel {
  const env = new Map([
    ['ARCH', 'arm64'],
    ['CC', 'gcc'],
  ])
  return loadKconfig(treeOf({ Kconfig: text }), { env, answer: (command) => answers[command] ?? null })
}

/** What the default of the symbol CODEC expands to. */
function defaultOf(text: string, answers: Readonly<Record<string, string>> = {}): string {
  const [value] = modelOf(text, answers).symbols.get('CODEC')?.defaults ?? []
  return value?.value.kind === 'symbol' ? value.value.operand.name : 'no symbol'
}

const codec = (value: string): string => `config CODEC\n\tstring\n\tdefault "${value}"\n`

describe('macros', () => {
  it('expand variables and the environment, and leave other dollars alone', () => {
    expect(defaultOf(`board := evb\n${codec('$(board)-$(ARCH) $board ${CC} $(nothing).')}`)).toBe(
      'evb-arm64 $board ${CC} .',
    )
  })

  it('expand `=` when it is used, `:=` when it is assigned', () => {
    const text = `name = first\nlazy = $(name)\nearly := $(name)\nname = second\n${codec('$(lazy) $(early)')}`
    expect(defaultOf(text)).toBe('second first')
  })

  it('append with += in the flavor that the variable has', () => {
    const text = `a := x\nb = x\nlate = l\na += $(late)\nb += $(late)\nnew += $(late)\nlate = m\n${codec('$(a) $(b) $(new)')}`
    expect(defaultOf(text)).toBe('x l x m m')
  })

  it('pass arguments, which are not split again', () => {
    const text = `comma := ,\npair = <$(1)|$(2)|$(3)>\nouter = $(pair,$(1),z)\n${codec('$(pair,a$(comma)b, c) $(outer,q)')}`
    expect(defaultOf(text)).toBe('<a,b| c|> <q|z|>')
  })

  it('compute names', () => {
    expect(defaultOf(`which := board\nboard := evb\n${codec('$($(which))')}`)).toBe('evb')
  })

  it('give the answer of a command, by its text after expansion', () => {
    expect(defaultOf(codec('$(shell,$(CC) --version)'), { 'gcc --version': '12.2' })).toBe('12.2')
  })

  it('keep a command that was not answered recognisable, and list it', () => {
    const text = `success = $(shell,{ $(1); } && echo y || echo n)\nconfig CODEC\n\tdef_bool $(success,test -e x)\n`
    expect(defaultOf(text)).toBe('$(shell,{ test -e x; } && echo y || echo n)')
    const [probe] = modelOf(text).probes.values()
    expect(probe).toMatchObject({ command: '{ test -e x; } && echo y || echo n', answer: null })
    expect(text.slice(probe?.at.start, probe?.at.end)).toBe('def_bool $(success,test -e x)')
  })

  it('know their file and line', () => {
    expect(defaultOf(`\n${codec('$(filename):$(lineno)')}`)).toBe('Kconfig:4')
  })

  it('report what conf would stop at', () => {
    const text = `loop = $(loop)\n$(error-if,y,no compiler)\n$(warning-if,y,careful)\n${codec('$(loop)')}`
    expect(modelOf(text).problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'macro: no compiler',
      'macro: `loop` refers to itself',
    ])
  })

  it('come to an end whatever they call', () => {
    const deep = `f = $(f,$(1)x)\n${codec('$(f,a)')}`
    expect(modelOf(deep).problems.map(({ message }) => message)).toContain('macros are nested too deep')
    const doubling = Array.from({ length: 40 }, (_, i) => `v${i + 1} = $(v${i})$(v${i})`).join('\n')
    const wide = modelOf(`v0 = 0123456789\n${doubling}\n${codec('$(v40)')}`)
    expect(wide.problems.map(({ message }) => message)).toEqual(['the macros expand to more than is sensible'])
  })
})
