import { describe, expect, it } from 'vitest'
import { createConditions } from '../../../src/cond/conditions.ts'
import { lazyEvaluation } from '../../../src/kbuild/lazy-evaluation.ts'
import { evaluateMakefile } from '../../../src/make/evaluate.ts'
import { parseMakefile } from '../../../src/make/parse.ts'
import { treeOf } from '../../support/tree.ts'

const path = 'drivers/serial/Makefile'

/** The targets that a makefile has rules for, and how often it was evaluated to know them. */
function targetsOf(text: string): { readonly targets: readonly string[]; readonly evaluated: number } {
  const parsed = parseMakefile(text)
  let evaluated = 0
  const evaluation = lazyEvaluation(
    path,
    () => {
      evaluated++
      const conditions = createConditions({})
      const tree = treeOf({ [path]: text })
      return evaluateMakefile(parsed, { conditions, file: path, tree, symbolText: () => null, include: () => null })
    },
    { parsed: () => parsed },
  )
  const targets = evaluation.rules.flatMap((rule) => rule.targets.map((target) => target.text))
  return { targets, evaluated }
}

describe('lazyEvaluation', () => {
  it('evaluates no makefile of nothing but variables for its rules', () => {
    const text = 'obj-y += core.o\nifdef CONFIG_SERIAL_DMA\nexport dma := y\nendif\n# board.o: board.c\n'
    expect(targetsOf(text)).toEqual({ targets: [], evaluated: 0 })
  })

  it('evaluates a makefile with a rule in a branch', () => {
    const text = 'ifdef CONFIG_SERIAL_DMA\ntables.h: tables.txt\n\tsort $< > $@\nendif\n'
    expect(targetsOf(text)).toEqual({ targets: ['tables.h'], evaluated: 1 })
  })

  it('evaluates a makefile that makes a rule in a value', () => {
    const text = 'made := $(eval tables.h: tables.txt)\n'
    expect(targetsOf(text)).toEqual({ targets: ['tables.h'], evaluated: 1 })
  })

  it('parses no text that has no colon of a rule', () => {
    const hasRules = (text: string): boolean => {
      let asked = false
      const parsed = () => {
        asked = true
        return parseMakefile(text)
      }
      const make = () => evaluateMakefile(parseMakefile(text), { conditions: createConditions({}), file: path })
      expect(lazyEvaluation(path, make, { text: () => text, parsed }).rules).toEqual(make().rules)
      return asked
    }
    expect(hasRules('# Serial: drivers\nobj-y := core.o # all: of them\nccflags-y ::= -Wall\n')).toBe(false)
    expect(hasRules('tables.h: tables.txt\n')).toBe(true)
    expect(hasRules('obj-y := $(sources:.c=.o)\n')).toBe(true)
    expect(hasRules('$(call tables)\n')).toBe(true)
    expect(hasRules('tables\\#1: tables.txt\n')).toBe(true)
  })
})
