import { describe, expect, it } from 'vitest'
import { printCond } from '../../../src/cond/print.ts'
import {
  candidateOf,
  matchPatterns,
  patternCandidates,
  patternMatcher,
  preparePatterns,
  replacedRecipes,
  rulesByTarget,
  targetNames,
  targetOf,
} from '../../../src/make/targets.ts'
import { evaluated } from './evaluated.ts'

describe('a target of several rules', () => {
  const text = 'hub.o: hub.c\n\tcc\nifdef CONFIG_USB\nhub.o: usb.c | dir\n\tcc usb\nendif\nhub.o: late.h\n'
  const { conditions, evaluation } = evaluated(text)
  const target = targetOf(conditions, evaluation.rules, 'hub.o')

  it('has the recipe of the last rule that gives one', () => {
    const recipes = target?.recipes.map(({ lines, when }) => [
      lines.map((line) => line.text),
      printCond(conditions, when),
    ])
    expect(recipes).toEqual([
      [['cc'], '!CONFIG_USB'],
      [['cc usb'], 'CONFIG_USB'],
    ])
  })

  it('tells which recipe replaced which, and when', () => {
    const replaced = target?.replaced.map(({ earlier, later, when }) => [
      text.slice(earlier.origin.start, earlier.origin.end),
      text.slice(later.origin.start, later.origin.end),
      printCond(conditions, when),
    ])
    expect(replaced).toEqual([['hub.o: hub.c\n', 'hub.o: usb.c | dir\n', 'CONFIG_USB']])
    expect(replacedRecipes(conditions, rulesByTarget(conditions, evaluation.rules).get('hub.o') ?? [])).toEqual(
      target?.replaced,
    )
  })

  it('replaces no recipe of `::` rules, nor one of a target that it has not', () => {
    const { conditions: own, evaluation: made } = evaluated('clean::\n\trm hub.o\nclean::\n\trm usb.o\n')
    const named = rulesByTarget(own, made.rules)
    expect([...named.keys()]).toEqual(['clean'])
    expect(replacedRecipes(own, named.get('clean') ?? [])).toEqual([])
    expect(replacedRecipes(own, [])).toEqual([])
  })

  it('has the prerequisites of all, those of the recipe first', () => {
    const read = (words: readonly { readonly text: string; readonly when: number }[] = []) =>
      words.map((word) => [word.text, printCond(conditions, word.when)])
    expect(read(target?.prerequisites)).toEqual([
      ['usb.c', 'CONFIG_USB'],
      ['hub.c', 'always'],
      ['late.h', 'always'],
    ])
    expect(read(target?.orderOnly)).toEqual([['dir', 'CONFIG_USB']])
  })

  it('is none where no rule names it', () => {
    expect(targetOf(conditions, evaluation.rules, 'port.o')).toBeNull()
    expect(targetNames(evaluation.rules)).toEqual(['hub.o'])
  })
})

describe('a pattern rule', () => {
  const { conditions, evaluation } = evaluated(
    '%.o: %.c usb.h\n\tcc\n$(obj)/%.o: $(obj)/%.S | $(obj)\n\tas\n%_user.o: %.c\n\tcc user\n%.x: %.y\n',
    { set: { obj: 'drivers/usb' } },
  )
  const candidates = (name: string) =>
    patternCandidates(conditions, evaluation.rules, name).map(({ stem, prerequisites, orderOnly }) => [
      stem,
      ...prerequisites.map((word) => word.text),
      ...orderOnly.map((word) => `| ${word.text}`),
    ])

  it('makes what it matches, the one with the shortest stem first', () => {
    expect(candidates('drivers/usb/hub_user.o')).toEqual([
      ['hub_user', 'drivers/usb/hub_user.S', '| drivers/usb'],
      ['drivers/usb/hub', 'drivers/usb/hub.c'],
      ['drivers/usb/hub_user', 'drivers/usb/hub_user.c', 'usb.h'],
    ])
  })

  it('is found by the ending of a name as among all', () => {
    const { conditions: own, evaluation: made } = evaluated(
      '%.o: %.c\n\tcc\n%_user.o: %.c\n\tcc\n%o: %.x\n\tcc\n%: %.sh\n\tcp\n%.tab.c: %.y\n\tyacc\nusb/%: %.in\n\tsed\nd.%/all: %\n\tcc\n',
    )
    const patterns = preparePatterns(own, made.rules)
    const find = patternMatcher(patterns)
    for (const name of [
      'hub.o',
      'usb/hub_user.o',
      'hub_user.o',
      'two',
      'usb/hub.d/core',
      'hub.tab.c',
      'd.usb/all',
      '.o',
    ])
      expect(find(name).map(candidateOf), name).toEqual(matchPatterns(patterns, name).map(candidateOf))
    expect(find('usb/hub_user.o')).toHaveLength(5)
  })

  it('without a recipe makes nothing', () => {
    expect(candidates('hub.x')).toEqual([])
  })
})
