import { describe, expect, it } from 'vitest'
import { createConditions } from '../../../src/cond/conditions.ts'
import type { Assignment } from '../../../src/cond/conditions.ts'
import { printCond } from '../../../src/cond/print.ts'
import { treeOf } from '../../support/tree.ts'
import { evaluated } from './evaluated.ts'
import { fc } from '../../support/random.ts'

const allYes: Assignment = { symbol: () => 'y', atom: () => true }

describe('words of a variable', () => {
  it('have the condition under which they are there', () => {
    const { words } = evaluated(
      'obj-$(CONFIG_USB) += usb.o\nifdef CONFIG_PM\nobj-y += pm.o\nendif\nobj-y += core.o\n',
      { set: { 'obj-y': '' } },
    )
    expect(words('obj-y')).toEqual(['usb.o if CONFIG_USB=y', 'pm.o if CONFIG_PM', 'core.o'])
    expect(words('obj-m')).toEqual(['usb.o if CONFIG_USB=m'])
    expect(words('obj-')).toEqual(['usb.o if !CONFIG_USB'])
  })

  it('know that a bool is never m', () => {
    const conditions = createConditions({ typeOf: () => 'bool' })
    const { words } = evaluated('obj-$(CONFIG_PM) += pm.o\n', { conditions })
    expect(words('obj-y')).toEqual(['pm.o if CONFIG_PM'])
    expect(words('obj-m')).toEqual([])
  })

  it('point at their own characters, in continued lines too', () => {
    const { origins } = evaluated('obj-y := hub.o \\\n\tport.o	ehci.o # end\nobj-y += last.o\n')
    expect(origins('obj-y')).toEqual(['hub.o', 'port.o', 'ehci.o', 'last.o'])
  })

  it('point at the definition when they come through a reference', () => {
    const text = 'parts := hub.o port.o\nobj-y := first.o $(parts)\nobj-m := $(parts:.o=.x) $(filter hub%,$(obj-y))\n'
    const { evaluation, origins } = evaluated(text)
    expect(origins('obj-y')).toEqual(['first.o', 'hub.o', 'port.o'])
    expect(origins('obj-m')).toEqual(['hub.o', 'port.o', 'hub.o'])
    expect(evaluation.words('obj-m').words[0]?.origin.start).toBe(text.indexOf('hub.o'))
  })

  it('point at all that they are made of when that is several references', () => {
    const text = 'name := usb\nobj-y := a.o $(name)-$(CONFIG_PM).o $(CONFIG_PM)x z\n'
    const { words, origins } = evaluated(text)
    expect(words('obj-y')).toEqual([
      'a.o',
      'usb-y.o if CONFIG_PM=y',
      'usb-m.o if CONFIG_PM=m',
      'usb-.o if !CONFIG_PM',
      'yx if CONFIG_PM=y',
      'mx if CONFIG_PM=m',
      'x if !CONFIG_PM',
      'z',
    ])
    expect(new Set(origins('obj-y').slice(1, 4))).toEqual(new Set(['$(name)-$(CONFIG_PM).o']))
    expect(origins('obj-y').slice(4)).toEqual(['$(CONFIG_PM)x', '$(CONFIG_PM)x', 'x', 'z'])
  })

  it('point at the place of the reference when the variable is a seed', () => {
    const { words, origins } = evaluated('always-y += $(obj)/table.h\n', { set: { obj: 'drivers/usb' } })
    expect(words('always-y')).toEqual(['drivers/usb/table.h'])
    expect(origins('always-y')).toEqual(['$(obj)/table.h'])
  })

  it('point at the $(eval) when a text made by it lists them', () => {
    const { origins } = evaluated('define add\nobj-y += $(1).o\nendef\n$(eval $(call add,hub))\n')
    expect(origins('obj-y')).toEqual(['$(eval $(call add,hub))'])
  })

  it('of 800 guarded assignments need memory in proportion', () => {
    const lines = Array.from({ length: 800 }, (_, index) => `obj-$(CONFIG_CODEC_${index}) += codec${index}.o\n`)
    const { conditions, evaluation } = evaluated(lines.join(''), { set: { 'obj-y': '', 'obj-m': '', 'obj-': '' } })
    expect(evaluation.words('obj-y').words).toHaveLength(800)
    expect(conditions.size()).toBeLessThan(800 * 10)
  })
})

describe('what is not known', () => {
  it('is said with its reason', () => {
    const { words, reasons } = evaluated(
      'a := x $(shell uname -m)/lib y\nb := $(call as-you-like,1)\nc := $(objtree)/x\nd := $(wildcard *.c)\ne := $(sort z $(a))\n',
    )
    expect(reasons('a')).toEqual(['a command is run'])
    expect(words('a')).toEqual(['x', 'y'])
    expect(reasons('b')).toEqual(['`as-you-like` is not defined in sight'])
    expect(reasons('c')).toEqual(['`objtree` is set by the top Makefile'])
    expect(reasons('d')).toEqual(['no tree to look into'])
    expect(words('e')).toEqual(['x', 'y', 'z'])
    expect(reasons('e')).toEqual(['a command is run'])
  })

  it('decides in a test about the words behind it, and the words say so', () => {
    const { words, reasons } = evaluated(
      'ifeq ($(shell uname -m),x86_64)\nobj-y += x86.o\nelse\nobj-y += other.o\nendif\n',
    )
    expect(words('obj-y')).toEqual(['x86.o if $(shell uname -m)="x86_64"', 'other.o if $(shell uname -m) != "x86_64"'])
    expect(reasons('obj-y')).toEqual(Array(2).fill('`$(shell uname -m)="x86_64"` decides'))
  })

  it('in the name of a variable makes every variable doubtful that it could be', () => {
    const { reasons } = evaluated('obj-$(shell echo y)-late += hub.o\nobj-y += core.o\nobj-x-late := a.o\n')
    expect(reasons('obj-y')).toEqual([])
    expect(reasons('obj-x-late')).toEqual(['a command is run'])
    expect(reasons('obj-z-late')).toEqual(['a command is run'])
  })

  it('leaves alone what does not hang on it', () => {
    const { words, reasons } = evaluated('obj-y := $(if $(shell true),,)hub.o $(words $(sort b a))\n')
    expect(words('obj-y')).toEqual(['hub.o', '2'])
    expect(reasons('obj-y')).toEqual([])
  })

  it('is no question about tools: both answers have conditions', () => {
    const { words, reasons } = evaluated('ccflags-y += $(call cc-option,-Wvla,-Wno-vla)\n')
    expect(words('ccflags-y')).toEqual(['-Wvla if cc-option(-Wvla)', '-Wno-vla if !cc-option(-Wvla)'])
    expect(reasons('ccflags-y')).toEqual([])
  })
})

describe('symbols that are no tristates', () => {
  const text = 'ifeq ($(CONFIG_NAME),"omap")\nobj-y += omap.o\nendif\nobj-y += $(CONFIG_NAME).o\n'

  it('have the text that a configuration gives them', () => {
    const { words } = evaluated(text, { symbolText: () => ({ kind: 'text', text: '"omap"' }) })
    expect(words('obj-y')).toEqual(['omap.o', '"omap".o'])
  })

  it('are conditions of their own where the text is not known', () => {
    const { words, reasons } = evaluated(text, { symbolText: () => ({ kind: 'unknown' }) })
    expect(words('obj-y')).toEqual(['omap.o if CONFIG_NAME="omap"'])
    expect(reasons('obj-y')).toEqual(['`CONFIG_NAME` is a string or a number'])
  })
})

describe('an evaluation', () => {
  it('lists every assignment that is reached, with what it sets and where', () => {
    const text = 'obj-$(CONFIG_USB) += hub.o\nifdef NEVER\nx := 1\nendif\noverride y = 2\n'
    const { conditions, evaluation } = evaluated(text)
    const settings = evaluation.settings.map(({ name, op, modifiers, when, nameSpan, valueSpan }) => [
      name,
      op,
      modifiers.join(),
      printCond(conditions, when),
      text.slice(nameSpan.start, nameSpan.end),
      text.slice(valueSpan.start, valueSpan.end),
    ])
    expect(settings).toEqual([
      ['obj-y', '+=', '', 'CONFIG_USB=y', 'obj-$(CONFIG_USB)', 'hub.o'],
      ['obj-m', '+=', '', 'CONFIG_USB=m', 'obj-$(CONFIG_USB)', 'hub.o'],
      ['obj-', '+=', '', '!CONFIG_USB', 'obj-$(CONFIG_USB)', 'hub.o'],
      ['y', '=', 'override', 'always', 'y', '2'],
    ])
  })

  it('says which files were included, under which condition, and which were not found', () => {
    const text =
      'include $(srctree)/drivers/usb/Makefile.lib\nifdef CONFIG_PM\n-include drivers/usb/missing.mk\nendif\n'
    const files = { 'drivers/usb/Makefile.lib': 'obj-y += lib.o\ninclude ./drivers/usb/Makefile.lib\n' }
    const { conditions, evaluation, words, origins } = evaluated(text, { files, set: { srctree: '.' } })
    const seen = evaluation.includes.map(({ path, when, optional, found }) => [
      path,
      printCond(conditions, when),
      optional,
      found,
    ])
    expect(seen).toEqual([
      ['./drivers/usb/Makefile.lib', 'always', false, true],
      ['./drivers/usb/Makefile.lib', 'always', false, false],
      ['drivers/usb/missing.mk', 'CONFIG_PM', true, false],
    ])
    expect(words('obj-y')).toEqual(['lib.o'])
    expect(origins('obj-y')).toEqual(['lib.o'])
  })

  it('says where make stops, and under which condition', () => {
    const { conditions, evaluation } = evaluated('ifndef CONFIG_USB\n$(error no $(CONFIG_USB))\nendif\nno rule here\n')
    expect(evaluation.stops.map(({ when, message }) => [printCond(conditions, when), message])).toEqual([
      ['!CONFIG_USB', 'no $(CONFIG_USB)'],
      ['always', 'missing separator'],
    ])
  })

  it('keeps variables of targets apart from variables', () => {
    const { conditions, evaluation, words } = evaluated(
      'flags := -O2\nifdef CONFIG_USB\n$(obj)/hub.o $(obj)/port.o: flags += -DHUB=$(flags)\nendif\n',
      { set: { obj: 'drivers/usb' } },
    )
    expect(words('flags')).toEqual(['-O2'])
    const [variable] = evaluation.targetVariables
    expect(variable?.targets.map((word) => word.text)).toEqual(['drivers/usb/hub.o', 'drivers/usb/port.o'])
    expect(variable === undefined ? '' : printCond(conditions, variable.when)).toBe('CONFIG_USB')
    expect(variable?.text).toBe('-DHUB=$(flags)')
    expect(variable === undefined ? [] : evaluation.wordsOf(variable.value).words.map((word) => word.text)).toEqual([
      '-DHUB=-O2',
    ])
  })

  it('answers $(wildcard) from the tree', () => {
    const tree = treeOf({ 'drivers/usb/hub.c': '', 'drivers/usb/port.c': '', 'drivers/usb/usb.h': '' })
    const { words } = evaluated('obj-y := $(patsubst $(src)/%.c,%.o,$(wildcard $(srctree)/$(src)/*.c))\n', {
      tree,
      set: { srctree: '$(srctree)', src: 'drivers/usb' },
    })
    expect(words('obj-y')).toEqual(['$(srctree)/drivers/usb/hub.c', '$(srctree)/drivers/usb/port.c'])
    const { words: inTree } = evaluated('obj-y := $(notdir $(wildcard $(src)/*.c))\n', {
      tree,
      set: { src: 'drivers/usb' },
    })
    expect(inTree('obj-y')).toEqual(['hub.c', 'port.c'])
  })

  it('can be asked for the value of a text and for the string under a configuration', () => {
    const { evaluation } = evaluated('hub-y := a.o\nhub-$(CONFIG_USB) += b.o\nunknown := $(shell date)\n')
    expect(evaluation.text('hub-y', allYes)).toEqual({ kind: 'text', text: 'a.o b.o' })
    expect(evaluation.text('unknown', allYes)).toMatchObject({ kind: 'unknown' })
    const names = evaluation.wordsOf(evaluation.expand('$(hub-y:.o=.c) x')).words.map((word) => word.text)
    expect(names).toEqual(['a.c', 'b.c', 'x'])
  })

  it('is the same a second time, and does not mind the first', () => {
    const conditions = createConditions()
    const text = 'obj-$(CONFIG_USB) += hub.o\nobj-y := $(obj-y) $(obj-m)\n'
    const [first, second] = [evaluated(text, { conditions }), evaluated(text, { conditions })]
    expect(second.evaluation.words('obj-y')).toEqual(first.evaluation.words('obj-y'))
  })
})

describe('limits', () => {
  it('share the steps that are left where the conditions have bounds', () => {
    const conditions = createConditions()
    const text =
      'boards := $(foreach a,1 2 3 4 5 6 7 8,$(foreach b,1 2 3 4 5 6 7 8,board-$(a)-$(b).o))\nobj-y := $(boards)\n'
    const reasons = conditions.bounded({ nodes: 1 << 16, steps: 40_000 }, () =>
      Array.from({ length: 8 }, () => evaluated(text, { conditions }).reasons('obj-y')),
    )
    expect(reasons.at(0)).toEqual([])
    expect(reasons.at(-1)).toContain('evaluation needs too many steps')
    expect(evaluated(text, { conditions }).words('obj-y')).toHaveLength(64)
  })

  it('hold for values that double at each step', () => {
    const lines = Array.from({ length: 60 }, (_, index) => `v${index + 1} = $(v${index})$(v${index})\n`)
    const { reasons, words } = evaluated(`v0 := x\n${lines.join('')}obj-y := core.o\nobj-m := $(words $(v60))\n`)
    expect(reasons('v60')[0]).toMatch(/too/)
    expect(words('obj-y')).toEqual(['core.o'])
  })

  it('hold for functions that call themselves for ever', () => {
    expect(evaluated('f = $(call f,$(1)x)\na := $(call f)\n').reasons('a')).toEqual(['references nested too deeply'])
    const { reasons } = evaluated('f = $(call f)$(call f)\na := $(call f)\n')
    expect(reasons('a')).toEqual(['evaluation needs too many steps'])
  })

  it('hold for variables that refer to themselves', () => {
    const { reasons } = evaluated('a = $(b)\nb = $(a)\n')
    expect(reasons('a')).toEqual(['`a` refers to itself'])
  })

  it('hold for lists that are built on themselves thousands of times', () => {
    const { reasons, evaluation } = evaluated('obj-y := $(obj-y) hub.o\n'.repeat(5000))
    expect(reasons('obj-y')).toEqual(['values nested too deeply'])
    expect(evaluation.settings).toHaveLength(5000)
  })

  it('hold for whole strings with too many alternatives, but not for words', () => {
    const symbols = Array.from({ length: 12 }, (_, index) => `$(CONFIG_D${index})`)
    const { words, reasons } = evaluated(`glued := ${symbols.join('')}\nlist := ${symbols.join(' ')}\n$(glued) := x\n`)
    expect(words('list')).toHaveLength(24)
    expect(reasons('glued')).toContain('too many alternatives')
  })

  it('hold for conditions that grow beyond measure', () => {
    const pairs = Array.from({ length: 24 }, (_, index) => `$(and $(CONFIG_A${index}),$(CONFIG_B${index}))`)
    const names = Array.from({ length: 24 }, (_, index) => `first := $(CONFIG_A${index})\n`)
    const conditions = createConditions({ maxNodes: 1 << 12 })
    const { reasons } = evaluated(`${names.join('')}ifneq ($(or ${pairs.join(',')}),)\nobj-y := hub.o\nendif\n`, {
      conditions,
    })
    expect(reasons('obj-y')).toEqual(['a condition needs too many nodes'])
  })

  it('keep any text from throwing', () => {
    const piece = fc.constantFrom(
      ...[
        'ifeq',
        'ifdef',
        'else',
        'endif',
        'define',
        'endef',
        'include',
        'a',
        'obj-',
        '$(',
        ')',
        '$(CONFIG_A)',
        '$(a)',
        ',',
      ],
      ...[
        ':=',
        '+=',
        '=',
        ':',
        '%',
        '\t',
        '\n',
        '\n',
        ' ',
        '$(call a',
        '$(foreach a',
        '$(eval ',
        '$(if ',
        '$(patsubst ',
        '\\\n',
        '#',
        '$$',
      ],
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { evaluation } = evaluated(pieces.join(''), { maxSteps: 20_000 })
        for (const name of evaluation.names) evaluation.words(name)
      }),
      { numRuns: 500 },
    )
  })
})
