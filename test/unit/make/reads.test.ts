import { describe, expect, it } from 'vitest'
import { createConditions } from '../../../src/cond/conditions.ts'
import { parseMakefile } from '../../../src/make/parse.ts'
import { mayHaveEffects, noteReads } from '../../../src/make/reads.ts'
import { textValue } from '../../../src/make/value.ts'
import { evaluated } from './evaluated.ts'
import { fc } from '../../support/random.ts'

/** Those of some variables from outside that a makefile and its `obj-y` hang on. */
function decisive(text: string, ...names: readonly string[]): readonly string[] {
  const reads = noteReads()
  const inherited = new Map(names.map((name) => [name, textValue('arm', null)]))
  const { words } = evaluated(text, { reads, inherited, set: { 'obj-y': '' } })
  words('obj-y')
  return names.filter(reads.conclude())
}

describe('noteReads', () => {
  it('knows that flags which are handed on decide on nothing', () => {
    const text = 'dml_ccflags := $(filter-out -pg,$(CC_FLAGS_FPU))\nCFLAGS_core.o := $(dml_ccflags)\nobj-y += core.o\n'
    expect(decisive(text, 'CC_FLAGS_FPU')).toEqual([])
  })

  it('follows what is handed on to a list, through variables of either flavour and functions of the makefile', () => {
    expect(decisive('board := $(ARCH)\nparts = $(board)\nobj-y += $(parts).o\n', 'ARCH', 'BITS')).toEqual(['ARCH'])
    const called = 'boards = $(1)-$(BITS)\nlist := $(call boards,$(ARCH))\nobj-y += $(list).o\n'
    expect(decisive(called, 'ARCH', 'BITS')).toEqual(['ARCH', 'BITS'])
  })

  it('takes tests, names, rules, includes and target variables for decisive', () => {
    for (const line of [
      'ifeq ($(ARCH),arm)\nendif',
      'ifdef ARCH\nendif',
      'CFLAGS_$(ARCH).o := -g',
      '$(ARCH).h: FORCE',
      'core.o: $(ARCH).h',
      'include $(ARCH).mk',
      'core.o: CFLAGS := $(ARCH)',
      '$(if $(ARCH),)',
    ])
      expect([line, ...decisive(`${line}\n`, 'ARCH')]).toEqual([line, 'ARCH'])
  })

  it('remembers what a variable asked for whose value is found again', () => {
    expect(decisive('board = $(ARCH)\nflags := $(board)\nifeq ($(board),arm)\nendif\n', 'ARCH')).toEqual(['ARCH'])
  })

  it('takes everything for decisive where the work was given up', () => {
    const reads = noteReads()
    evaluated('flags := $(ARCH)\nlist := $(foreach a,1 2 3 4 5 6 7 8 9,$(foreach b,1 2 3 4 5 6 7 8 9,x))\n', {
      reads,
      maxSteps: 50,
    })
    expect(reads.conclude()('ARCH')).toBe(true)
  })

  it('says of no variable by mistake that nothing hangs on it', () => {
    fc.assert(
      fc.property(makefiles, (text) => {
        const given = { set: { 'obj-y': '' }, files: { 'arm.mk': 'obj-y += arm.o\n' }, maxSteps: 5000 }
        const seen = (arch: string | null): readonly [string, boolean] => {
          const reads = noteReads()
          const inherited = new Map(arch === null ? [] : [['ARCH', textValue(arch, null)]])
          const { evaluation, words, reasons } = evaluated(text, { ...given, reads, inherited, conditions })
          const { settings, rules, targetVariables, includes, exports, stops, unknownEffects, names } = evaluation
          const found = [settings, rules, targetVariables, includes, exports, stops, unknownEffects, names]
          return [JSON.stringify([...found, words('obj-y'), reasons('obj-y')]), reads.conclude()('ARCH')]
        }
        const conditions = createConditions()
        fc.pre(!mayHaveEffects(parseMakefile(text)))
        const all = ['arm', 'mips', '', null].map(seen)
        // One that is given up may be so for what another does not come to.
        fc.pre(all.every(([found]) => !found.includes('"limit"')))
        for (const [found, isDecisive] of all)
          if (!isDecisive) expect(new Set(all.map(([other]) => other))).toEqual(new Set([found]))
      }),
      { numRuns: 500, seed: 12 },
    )
  })
})

describe('mayHaveEffects', () => {
  const effects = (text: string) => mayHaveEffects(parseMakefile(text))

  it('sees what sets variables or stops make, under any name that it may be called by', () => {
    for (const text of [
      '$(eval obj-y += core.o)',
      'flags = ${error no compiler}',
      'f := $(foreach f,eval,$(call $(f),x := y))',
      'f := $(call \\\n eval,obj-y += core.o)',
      'f := $(call call,eval,obj-y += core.o)',
      'f := $(call\\\n $(kind)-option,-Wall)',
      `f := $(call ${'long-'.repeat(60)}$(kind),-Wall)`,
    ])
      expect([text, effects(text)]).toEqual([text, true])
    expect(effects('flags := $(call $(kind)-option,-Wall)\n')).toBe(true)
  })

  it('does not take flags and probes for it', () => {
    expect(
      effects('ccflags-y += -Werror $(call cc-option,-Wno-evaluated)\nflags := $(filter-out -pg,$(FLAGS))\n'),
    ).toBe(false)
  })
})

const names = fc.constantFrom('ARCH', 'board', 'flags', 'parts', 'obj-y')

const values = fc
  .tuple(
    names,
    names,
    fc.constantFrom(
      ...['$(1).o', '$($1)', '$(filter-out mips,$($1))', '$(if $($1),$($2),none)', '$(call $1,$($2))', '$(origin $1)'],
      ...['$(and $($1),$($2))', '$(foreach b,$($1),$(b)-$($2))', '$($($1))', '$(value $1)', '$(word 2,$($1))'],
      ...['$(flavor $1)', '$($1:m=n)', 'core.o', '', '$(or $($1),$($2))', '$(subst a,$($1),$($2))'],
    ),
  )
  .map(([first, second, form]) => form.replaceAll('$1', first).replaceAll('$2', second))

const statements = fc
  .tuple(
    names,
    values,
    values,
    fc.constantFrom(
      ...['N := V', 'N = V', 'N += V', 'N ?= V', 'N += V W', 'N := V', 'N = V', 'N += V', 'N-V := W'],
      ...['ifdef N\nN += V\nendif', 'ifeq (V,arm)\nN := W\nelse\nN += core.o\nendif', 'V: W', 'V', 'undefine N'],
      ...['core.o: N := V', '-include V.mk', 'export N', 'define N\nV\nendef', 'override N := V', 'export N := V'],
    ),
  )
  .map(([name, first, second, form]) =>
    form.replace(/[NVW]/g, (letter) => (letter === 'N' ? name : letter === 'V' ? first : second)),
  )

const makefiles = fc.array(statements, { minLength: 1, maxLength: 8 }).map((lines) => `${lines.join('\n')}\n`)
