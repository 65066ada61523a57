import { describe, expect, it } from 'vitest'
import { createFacts } from '../../../src/review/facts.ts'
import { findDefiners } from '../../../src/review/kconfig-files.ts'
import { defineRule, type TreeRule } from '../../../src/review/rule.ts'
import { runTreeRules } from '../../../src/review/run-rules.ts'
import { treeOf } from '../../support/tree.ts'

const withPrompt = findDefiners(({ properties }) => properties.some(({ kind }) => kind === 'prompt'))

/** The files that define a symbol with a prompt, where one file is under review. */
function definersOf(symbol: string, reviewed: string, files: Readonly<Record<string, string>>): readonly string[] {
  let found: readonly string[] = []
  const rule = defineRule({
    id: 'kcfg-syntax',
    severity: 'info',
    scope: 'tree',
    summary: 'Asks who defines a symbol.',
    since: '0.1.0',
    check(context) {
      found = withPrompt(context)(symbol)
    },
  }) satisfies TreeRule
  runTreeRules([rule], { tree: treeOf(files), paths: [reviewed], facts: createFacts() })
  return found
}

const codec = 'config CODEC\n\tbool\n\tprompt "Codecs"\n'

describe('findDefiners', () => {
  it('finds each definition of the kind that is meant once, whatever the architecture', () => {
    const files = {
      Kconfig: 'source "arch/$(SRCARCH)/Kconfig"\nsource "sound/Kconfig"\n',
      'arch/arm/Kconfig': codec,
      'arch/x86/Kconfig': 'config CODEC\n\tbool\n',
      'sound/Kconfig': codec + codec,
    }
    expect(definersOf('CODEC', 'sound/Kconfig', files)).toEqual(['arch/arm/Kconfig', 'sound/Kconfig', 'sound/Kconfig'])
  })

  it('finds those of files under review that nothing reads, and of what they read', () => {
    const files = {
      Kconfig: 'source "sound/Kconfig"\n',
      'sound/Kconfig': codec,
      'drivers/Kconfig': `${codec}source "sound/Kconfig"\nsource "drivers/staging/Kconfig"\n`,
      'drivers/staging/Kconfig': codec,
    }
    const expected = ['sound/Kconfig', 'drivers/Kconfig', 'drivers/staging/Kconfig']
    expect(definersOf('CODEC', 'drivers/Kconfig', files)).toEqual(expected)
    expect(definersOf('CODEC', 'sound/Kconfig', files)).toEqual(['sound/Kconfig'])
  })

  it('knows the files of architectures where there is no Kconfig at the top', () => {
    expect(definersOf('CODEC', 'sound/Kconfig', { 'arch/arm/Kconfig': codec, 'sound/Kconfig': '' })).toEqual([
      'arch/arm/Kconfig',
    ])
  })
})
