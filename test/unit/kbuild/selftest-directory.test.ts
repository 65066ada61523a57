import { describe, expect, it } from 'vitest'
import { printCond } from '../../../src/cond/print.ts'
import { overriddenRecipes } from '../../../src/kbuild/overridden-recipes.ts'
import { evaluateSelftest } from '../../../src/kbuild/selftest-directory.ts'
import { selftestTargets } from '../../../src/kbuild/selftest-targets.ts'
import { treeOf } from '../../support/tree.ts'

const library = [
  'selfdir = $(realpath $(dir $(filter %/lib.mk,$(MAKEFILE_LIST))))',
  'TEST_GEN_PROGS := $(patsubst %,$(OUTPUT)/%,$(TEST_GEN_PROGS))',
  'all: $(TEST_GEN_PROGS)',
  '\t@echo all',
  'clean:',
  '\trm -f $(TEST_GEN_PROGS)',
  '',
].join('\n')

const top = [
  'TARGETS += serial',
  'ifneq (1,$(quicktest))',
  'TARGETS += timers',
  'endif',
  'SKIP_TARGETS ?= timers',
  'ifneq ($(SKIP_TARGETS),)',
  'override TARGETS := $(filter-out $(SKIP_TARGETS),$(TARGETS))',
  'endif',
  'TARGETS_HOTPLUG = cpu',
  '',
].join('\n')

const serial = [
  'TEST_PROGS := break.sh',
  'TEST_GEN_PROGS := loopback \\',
  '\tmodem',
  'ifeq ($(ARCH),arm64)',
  'TEST_GEN_PROGS += pl011',
  'endif',
  'TEST_FILES := $(shell ls ports)',
  'include ../lib.mk',
  'TEST_GEN_FILES := late',
  'clean:',
  '\trm -f log',
  '',
].join('\n')

const tree = treeOf({
  'tools/testing/selftests/Makefile': top,
  'tools/testing/selftests/lib.mk': library,
  'tools/testing/selftests/serial/Makefile': serial,
  'tools/testing/selftests/timers/Makefile': 'TEST_PROGS := tick.sh\n-include ../../local.mk /etc/local.mk\n',
})

function evaluated(directory: string) {
  const selftest = evaluateSelftest(tree, `tools/testing/selftests/${directory}`)
  if (selftest === null) throw new Error('no makefile')
  return selftest
}

describe('evaluateSelftest', () => {
  const { lists, unknown, usesLib, files, rules, conditions, evaluation } = evaluated('serial')

  it('lists words as the makefile spells them, with their place and condition', () => {
    expect(lists.TEST_PROGS.map(({ text, inOutput }) => [text, inOutput])).toEqual([['break.sh', false]])
    expect(lists.TEST_GEN_PROGS.map(({ text, when }) => [text, printCond(conditions, when)])).toEqual([
      ['loopback', 'always'],
      ['modem', 'always'],
      ['pl011', '$(ARCH)="arm64"'],
    ])
    expect(lists.TEST_GEN_PROGS.map(({ origin }) => serial.slice(origin.start, origin.end))).toEqual([
      'loopback',
      'modem',
      'pl011',
    ])
  })

  it('says which generated files lib.mk has not put into the output directory', () => {
    expect(lists.TEST_GEN_PROGS.every(({ inOutput }) => inOutput)).toBe(true)
    expect(lists.TEST_GEN_FILES.map(({ text, inOutput }) => [text, inOutput])).toEqual([['late', false]])
  })

  it('names what it does not know, and not what a condition says', () => {
    expect(unknown.map(({ list, unknown: { key } }) => `${list} ${key}`)).toEqual(['TEST_FILES $(shell ls ports)'])
  })

  it('follows includes from the directory, in the order in which make reads them', () => {
    expect(usesLib).toBe(true)
    expect(files.map(({ path, there }) => `${path} ${there}`)).toEqual([
      'tools/testing/selftests/serial/Makefile read',
      'tools/testing/selftests/lib.mk read',
    ])
    const other = evaluated('timers')
    expect(other.usesLib).toBe(false)
    expect(other.files.map(({ path, there, optional }) => [path, there, optional])).toEqual([
      ['tools/testing/selftests/timers/Makefile', 'read', false],
      ['tools/testing/local.mk', 'missing', true],
      ['/etc/local.mk', 'outside', true],
    ])
  })

  it('tells which recipe wins over which', () => {
    const [dropped, ...others] = overriddenRecipes(rules)
    expect(others).toEqual([])
    expect(dropped?.target).toBe('clean')
    expect(dropped?.earlier.origin.file).toBe('tools/testing/selftests/lib.mk')
    expect(dropped?.later.origin.file).toBe('tools/testing/selftests/serial/Makefile')
    expect(rules.target('clean')?.recipes.map(({ lines }) => lines.map(({ text }) => text))).toEqual([['rm -f log']])
    expect(rules.target('nothing')).toBeNull()
  })

  it('knows where the tree is', () => {
    expect(evaluation.text('selfdir', { symbol: () => 'n', atom: () => false })).toEqual({
      kind: 'text',
      text: '/kernel/tools/testing/selftests',
    })
  })

  it('is nothing where there is no makefile', () => {
    expect(evaluateSelftest(tree, 'tools/testing/selftests/none')).toBeNull()
  })
})

describe('selftestTargets', () => {
  it('lists those that are skipped by default too, and what is there', () => {
    const known = selftestTargets(tree)
    expect(known?.targets.map(({ text, isSkipped, there }) => [text, isSkipped, there])).toEqual([
      ['serial', false, 'makefile'],
      ['timers', true, 'makefile'],
    ])
    expect(known?.others.map(({ directory, there }) => [directory, there])).toEqual([
      ['tools/testing/selftests/cpu', 'missing'],
    ])
  })
})
