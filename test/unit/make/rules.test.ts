import { describe, expect, it } from 'vitest'
import { printCond } from '../../../src/cond/print.ts'
import { evaluated } from './evaluated.ts'

describe('a prerequisite that is expanded again when the target is made', () => {
  it('is not known below .SECONDEXPANSION, and a name with a dollar above it', () => {
    const { conditions, evaluation } = evaluated(
      'above.o: above.c $$(more)\nifdef CONFIG_USB\n.SECONDEXPANSION:\nendif\nbelow.o: below.c $$(more) | $$(dirs)\n',
    )
    const read = (name: string) => {
      const rule = evaluation.rules.find(({ targets }) => targets.some(({ text }) => text === name))
      const shown = (words: readonly { readonly text: string; readonly when: number }[] = []) =>
        words.map(({ text, when }) => `${text} ${printCond(conditions, when)}`)
      return [
        shown(rule?.prerequisites),
        shown(rule?.orderOnly),
        rule?.unknown.map(({ unknown, when }) => `${unknown.key} ${printCond(conditions, when)}`),
      ]
    }
    expect(read('above.o')).toEqual([['above.c always', '$(more) always'], [], []])
    expect(read('below.o')).toEqual([
      ['below.c always', '$(more) !CONFIG_USB'],
      ['$(dirs) !CONFIG_USB'],
      ['$(more) CONFIG_USB', '$(dirs) CONFIG_USB'],
    ])
  })
})
