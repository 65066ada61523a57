import { describe, expect, it } from 'vitest'
import { always, never } from '../../../src/cond/conditions.ts'
import { rulesOf } from '../../../src/kbuild/directory-rules.ts'
import { modelWithClk } from './built-kernel.ts'

function rulesIn(lines: readonly string[]) {
  const { model, clk } = modelWithClk(lines)
  return { conditions: model.conditions, rules: rulesOf(model.conditions, clk.evaluation) }
}

const textsOf = (words: readonly { readonly text: string }[] | undefined) => words?.map(({ text }) => text)

describe('rulesOf', () => {
  it('joins all lines for a target, that of the recipe first', () => {
    const { rules } = rulesIn([
      '$(obj)/clk.o: $(obj)/ids.h | $(obj)/rates.h',
      '$(obj)/clk.o: $(src)/clk.in FORCE',
      '\t$(call if_changed,gen)',
    ])
    const target = rules.target('drivers/clk/clk.o')
    expect(textsOf(target?.prerequisites)).toEqual(['drivers/clk/clk.in', 'FORCE', 'drivers/clk/ids.h'])
    expect(textsOf(target?.orderOnly)).toEqual(['drivers/clk/rates.h'])
  })

  it('has the names of static pattern rules, with their prerequisites filled in', () => {
    const { rules } = rulesIn(['$(addprefix $(obj)/,a.h b.h): $(obj)/%.h: $(src)/%.txt', '\tgen $< > $@'])
    expect(rules.names).toEqual(['drivers/clk/a.h', 'drivers/clk/b.h'])
    expect(textsOf(rules.target('drivers/clk/b.h')?.prerequisites)).toEqual(['drivers/clk/b.txt'])
  })

  it('drops the ./ that $(srctree) and $(objtree) put in front', () => {
    const { rules } = rulesIn(['$(srctree)/include/ids.h: $(srctree)/scripts/ids.sh', '\tsh $< > $@'])
    expect(rules.names).toEqual(['include/ids.h'])
    expect(textsOf(rules.target('include/ids.h')?.prerequisites)).toEqual(['scripts/ids.sh'])
  })

  it('expands wildcards where it is given the tree, and keeps those that match nothing', () => {
    const { model, clk } = modelWithClk(['$(obj)/all.h: $(src)/*.txt $(src)/*.none', '\tcat $^ > $@'], {
      'drivers/clk/b.txt': '',
      'drivers/clk/a.txt': '',
    })
    const prerequisites = (tree: typeof model.tree | null): readonly string[] | undefined =>
      textsOf(rulesOf(model.conditions, clk.evaluation, tree).target('drivers/clk/all.h')?.prerequisites)
    expect(prerequisites(model.tree)).toEqual(['drivers/clk/a.txt', 'drivers/clk/b.txt', 'drivers/clk/*.none'])
    expect(prerequisites(null)).toEqual(['drivers/clk/*.txt', 'drivers/clk/*.none'])
  })

  it('finds pattern rules by the target asked for', () => {
    const { rules } = rulesIn(['$(obj)/%.bin: $(src)/%.txt', '\tgen $< > $@'])
    expect(rules.target('drivers/clk/a.bin')).toBeNull()
    expect(rules.patterns('drivers/clk/a.bin').map(({ prerequisites }) => textsOf(prerequisites))).toEqual([
      ['drivers/clk/a.txt'],
    ])
  })

  it('knows what is phony by .PHONY and by PHONY', () => {
    const { conditions, rules } = rulesIn([
      'PHONY += check',
      'ifdef CONFIG_CLK_FAST',
      '.PHONY: fast',
      'endif',
      'check fast real: ; @:',
    ])
    expect(['check', 'fast', 'real'].map((name) => rules.phony(name))).toEqual([
      always,
      conditions.isSet('CLK_FAST'),
      never,
    ])
  })

  it('says where words of a rule are not known', () => {
    const { rules } = rulesIn(['$(shell ls): FORCE', '\t@:'])
    expect(rules.unknown.map(({ unknown }) => unknown.key)).toEqual(['$(shell ls)'])
  })
})
