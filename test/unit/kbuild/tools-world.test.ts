import { describe, expect, it } from 'vitest'
import { printCond } from '../../../src/cond/print.ts'
import { evaluateTool, evaluateToolsBuild } from '../../../src/kbuild/tools-world.ts'
import { treeOf } from '../../support/tree.ts'

const tree = treeOf({
  'tools/build/Makefile.build': 'obj-y :=\n-include $(dir)/Build\nobj-y := $($(obj)-y)\n',
  'tools/scope/Makefile': [
    'ifeq ($(srctree),)',
    'srctree := $(patsubst %/,%,$(dir $(CURDIR)))',
    'srctree := $(patsubst %/,%,$(dir $(srctree)))',
    'endif',
    'include $(srctree)/tools/scripts/Makefile.include',
    'here := $(shell pwd)',
    '',
  ].join('\n'),
  'tools/scripts/Makefile.include': 'ifneq ($(O),)\nOUTPUT := $(O)\nendif\n',
  'tools/scope/util/Build': 'scope-y += list.o\nscope-$(CONFIG_USB) += usb.o\ntest-y += $(shell ls)\nscope-y += net/\n',
})

describe('evaluateTool', () => {
  it('follows includes from where make runs', () => {
    const tool = evaluateTool(tree, 'tools/scope/Makefile')
    expect(tool?.files.map(({ path, there }) => `${path} ${there}`)).toEqual([
      'tools/scope/Makefile read',
      'tools/scripts/Makefile.include read',
    ])
    const under = { symbol: () => 'n' as const, atom: () => false }
    expect(tool?.evaluation.text('here', under)).toEqual({ kind: 'text', text: '/kernel/tools/scope' })
    expect(evaluateTool(tree, 'tools/none/Makefile')).toBeNull()
  })
})

describe('evaluateToolsBuild', () => {
  it('lists what is linked into each object, with conditions', () => {
    const build = evaluateToolsBuild(tree, 'tools/scope/util')
    const { conditions, objects, unknown } = build ?? { objects: new Map<string, never[]>(), unknown: [] }
    const print = (when: number): string => (conditions === undefined ? '' : printCond(conditions, when))
    expect(objects.get('scope')?.map(({ text, when }) => [text, print(when)])).toEqual([
      ['list.o', 'always'],
      ['usb.o', 'CONFIG_USB=y'],
      ['net/', 'always'],
    ])
    expect(unknown.map(({ list, unknown: { key } }) => [list, key])).toEqual([['test-y', '$(shell ls)']])
    expect(evaluateToolsBuild(tree, 'tools/scope')).toBeNull()
  })
})
