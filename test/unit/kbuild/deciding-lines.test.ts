import { describe, expect, it } from 'vitest'
import { printCond } from '../../../src/cond/print.ts'
import { builtObjects } from '../../../src/kbuild/built-objects.ts'
import { decidingLines, sourcesOf } from '../../../src/kbuild/deciding-lines.ts'
import { readScriptRules } from '../../../src/kbuild/script-rules.ts'
import { modelWithClk } from './built-kernel.ts'

const { model, clk } = modelWithClk(
  [
    'ifdef CONFIG_CLK_DEBUG',
    'ccflags-y += -DDEBUG',
    'else ifdef CONFIG_CLK',
    'tree-y := root.o \\',
    '\tleaf.o',
    'endif',
    'obj-$(CONFIG_CLK) += tree.o',
  ],
  { 'drivers/Makefile': 'obj-$(CONFIG_COMMON_CLK) += clk/\nexport rates := fast\n' },
)

const textAt = ({
  file,
  start,
  end,
}: {
  readonly file: string
  readonly start: number
  readonly end: number
}): string => (model.tree.read(file) ?? '').slice(start, end)

describe('decidingLines', () => {
  it('leads from the word of the object, by its composite and the tests around, up to the top', () => {
    const [object] = builtObjects(model).get('drivers/clk/leaf.o') ?? []
    if (object === undefined) throw new Error('not built')
    const lines = decidingLines(model, object).map(({ kind, word, statement, tests, when }) => ({
      kind,
      word: textAt(word),
      statement: textAt(statement).trim(),
      tests: tests.map((test) => textAt(test).trim()),
      when: kind === 'directory' ? printCond(model.conditions, when) : '',
    }))
    expect(lines).toEqual([
      {
        kind: 'part',
        word: 'leaf.o',
        statement: 'tree-y := root.o \\\n\tleaf.o',
        tests: ['ifdef CONFIG_CLK_DEBUG', 'else ifdef CONFIG_CLK'],
        when: '',
      },
      { kind: 'listed', word: 'tree.o', statement: 'obj-$(CONFIG_CLK) += tree.o', tests: [], when: '' },
      {
        kind: 'directory',
        word: 'clk/',
        statement: 'obj-$(CONFIG_COMMON_CLK) += clk/',
        tests: [],
        when: 'CONFIG_COMMON_CLK',
      },
      {
        kind: 'directory',
        word: 'drivers/',
        statement: 'obj-y += arch/$(SRCARCH)/ drivers/',
        tests: [],
        when: 'always',
      },
    ])
  })
})

describe('sourcesOf', () => {
  const sources = (name: string): readonly string[] =>
    sourcesOf(model, { directory: clk, name }, readScriptRules(model)).flatMap(({ kind, settings }) =>
      settings.map(({ span }) => `${kind} ${span.file}: ${textAt(span).trim()}`),
    )

  it('finds assignments in the makefile, in the scripts, and where a variable is exported', () => {
    expect(sources('ccflags-y')).toEqual([
      'makefile drivers/clk/Makefile: ccflags-y += -DDEBUG',
      'scripts scripts/Makefile.build: ccflags-y :=',
    ])
    expect(sources('rates')).toEqual(['above drivers/Makefile: export rates := fast'])
    expect(sources('SRCARCH')).toEqual(['above Makefile: SRCARCH := $(ARCH)'])
  })

  it('finds nothing for a symbol of the configuration', () => {
    expect(sources('CONFIG_CLK')).toEqual([])
  })
})
