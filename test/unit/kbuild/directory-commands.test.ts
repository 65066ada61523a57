import { describe, expect, it } from 'vitest'
import { printCond } from '../../../src/cond/print.ts'
import { commandsOf, usesOf } from '../../../src/kbuild/directory-commands.ts'
import { rulesOf } from '../../../src/kbuild/directory-rules.ts'
import { heldCond, targetsOf } from '../../../src/kbuild/directory-targets.ts'
import { readScriptRules } from '../../../src/kbuild/script-rules.ts'
import { modelWithClk } from './built-kernel.ts'

/** `target: macro,name (when; FORCE when; in targets when)`. */
function usesIn(lines: readonly string[]): readonly string[] {
  const { model, clk } = modelWithClk(lines)
  const { conditions } = model
  const targets = targetsOf(model, clk, readScriptRules(model))
  const print = (when: number): string => printCond(conditions, when)
  return usesOf(conditions, rulesOf(conditions, clk.evaluation)).flatMap(({ macro, name, targets: used }) =>
    used.map(
      (each) =>
        `${each.name}: ${macro},${name ?? '?'} (${print(each.when)}; ${print(each.forced)}; ${print(heldCond(conditions, targets, each.name))})`,
    ),
  )
}

describe('commandsOf', () => {
  it('gives each command with all its definitions, their conditions and the short form', () => {
    const { model, clk } = modelWithClk([
      'quiet_cmd_rates = RATES   $@',
      'ifdef CONFIG_CLK_FAST',
      'cmd_rates = $(obj)/rates -f $< > $@',
      'else',
      'cmd_rates = $(obj)/rates $< > $@',
      'endif',
      'define filechk_ids',
      '\techo $(CONFIG_CLK_IDS)',
      'endef',
    ])
    const commands = commandsOf(clk.evaluation).map(({ kind, name, quiet, definitions }) => ({
      command: `${kind} ${name}`,
      quiet: quiet.length,
      when: definitions.map(({ when }) => printCond(model.conditions, when)),
    }))
    expect(commands).toEqual([
      { command: 'cmd rates', quiet: 1, when: ['CONFIG_CLK_FAST', '!CONFIG_CLK_FAST'] },
      { command: 'filechk ids', quiet: 0, when: ['always'] },
    ])
  })
})

describe('usesOf', () => {
  it('says for each target when the recipe runs, when FORCE is there and when it is in $(targets)', () => {
    expect(
      usesIn([
        'targets += table.h',
        'targets-$(CONFIG_CLK_IDS) += ids.h',
        'targets += $(targets-y)',
        '$(obj)/table.h $(obj)/ids.h: $(src)/table.txt FORCE',
        '\t$(call if_changed,table)',
        '$(obj)/late.h: $(src)/table.txt',
        '\t$(call if_changed_dep,late)',
        'ifdef CONFIG_CLK_FAST',
        '$(obj)/late.h: FORCE',
        'endif',
      ]),
    ).toEqual([
      'drivers/clk/table.h: if_changed,table (always; always; always)',
      'drivers/clk/ids.h: if_changed,table (always; always; CONFIG_CLK_IDS=y)',
      'drivers/clk/late.h: if_changed_dep,late (always; CONFIG_CLK_FAST; never)',
    ])
  })

  it('counts objects, parts, programs and what they are made by way of as words of $(targets)', () => {
    expect(
      usesIn([
        'obj-$(CONFIG_CLK) += tree.o keys.asn1.o',
        'tree-y := root.o',
        'hostprogs := gen',
        'gen-objs := gen-main.o parse.tab.o',
        ...['tree.o', 'tree.mod', 'root.o', 'keys.asn1.h', 'gen', 'gen-main.o', 'parse.tab.h', 'other'].flatMap(
          (name) => [`$(obj)/${name}: FORCE`, '\t$(call if_changed,make)'],
        ),
      ]).map((line) => line.replace('if_changed,make (always; always; ', '(')),
    ).toEqual([
      'drivers/clk/tree.o: (CONFIG_CLK=m)',
      'drivers/clk/tree.mod: (CONFIG_CLK=m)',
      'drivers/clk/root.o: (CONFIG_CLK)',
      'drivers/clk/keys.asn1.h: (CONFIG_CLK)',
      'drivers/clk/gen: (always)',
      'drivers/clk/gen-main.o: (always)',
      'drivers/clk/parse.tab.h: (always)',
      'drivers/clk/other: (never)',
    ])
  })

  it('finds calls inside other functions, blanks before the name and all, and leaves a computed name open', () => {
    expect(
      usesIn([
        'kind := fast',
        '$(obj)/a: FORCE',
        '\t$(if $(X),$(call if_changed, blank),@:)',
        '$(obj)/b: FORCE',
        '\t$(call if_changed,gen_$(kind))',
        '$(obj)/c: FORCE',
        '\t@echo none',
      ]),
    ).toEqual([
      'drivers/clk/a: if_changed, blank (always; always; never)',
      'drivers/clk/b: if_changed,? (always; always; never)',
    ])
  })

  it('leaves out a recipe that another overrides, where it does', () => {
    expect(
      usesIn([
        '$(obj)/a.h: FORCE',
        '\t$(call if_changed,first)',
        'ifdef CONFIG_CLK_FAST',
        '$(obj)/a.h: FORCE',
        '\t$(call if_changed,second)',
        'endif',
      ]).map((line) => line.split(';')[0]),
    ).toEqual([
      'drivers/clk/a.h: if_changed,first (!CONFIG_CLK_FAST',
      'drivers/clk/a.h: if_changed,second (CONFIG_CLK_FAST',
    ])
  })

  it('asks of a pattern whether any target matches', () => {
    expect(
      usesIn(['targets += a.bin', '$(obj)/%.bin $(obj)/%.map: $(src)/%.txt FORCE', '\t$(call if_changed,bin)']),
    ).toEqual([
      'drivers/clk/%.bin: if_changed,bin (always; always; always)',
      'drivers/clk/%.map: if_changed,bin (always; always; never)',
    ])
  })

  it('has the place of the call', () => {
    const lines = ['$(obj)/a: FORCE', '\t@echo; $(call filechk,ids)']
    const { model, clk } = modelWithClk(lines)
    const [use] = usesOf(model.conditions, rulesOf(model.conditions, clk.evaluation))
    const text = model.tree.read('drivers/clk/Makefile') ?? ''
    expect(text.slice(use?.origin.start, use?.origin.end)).toBe('$(call filechk,ids)')
  })
})
