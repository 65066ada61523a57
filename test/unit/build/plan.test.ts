import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseProfile } from '../../../src/build/profile.ts'
import { goalsOf, readConfigured, whyNotArch, planGoals, type TreeFacts } from '../../../src/build/plan.ts'

const path = resolve(import.meta.dirname, '../../../profiles/livepatch.yaml')
const parsed = parseProfile(readFileSync(path, 'utf8'), path)
if (parsed.kind === 'bad') throw new Error(parsed.problems.join('\n'))
const { profile } = parsed
const archOf = (name: string) => {
  const arch = profile.arches.find((each) => each.name === name)
  if (arch === undefined) throw new Error(`no architecture ${name}`)
  return arch
}

function treeWith(paths: readonly string[], symbols: readonly string[]): TreeFacts {
  return { hasPath: (wanted) => paths.includes(wanted), isConfigured: (symbol) => symbols.includes(symbol) }
}

/** Goals with the reason why they do not apply, or `runs`. */
function plan(arch: string, facts: TreeFacts): Record<string, string> {
  const goals = goalsOf(profile, archOf(arch), 'fast')
  return Object.fromEntries(planGoals(goals, facts).map(({ goal, inapplicable }) => [goal.id, inapplicable ?? 'runs']))
}

const testModules = 'tools/testing/selftests/livepatch/test_modules/Makefile'

describe('the livepatch profile', () => {
  it('builds samples and selftests where the tree has livepatch for the architecture', () => {
    expect(plan('ppc32', treeWith([testModules], ['HAVE_LIVEPATCH', 'LIVEPATCH']))).toEqual({
      prepare: 'runs',
      crtsavres: 'runs',
      livepatch: 'runs',
      selftests: 'runs',
    })
  })

  it('builds other samples where the architecture has no livepatch, and says why', () => {
    const reason = 'the configuration that this tree makes has no CONFIG_HAVE_LIVEPATCH'
    expect(plan('arm64', treeWith([testModules], ['MODULES']))).toEqual({
      prepare: 'runs',
      livepatch: reason,
      samples: 'runs',
      selftests: reason,
    })
  })

  it('leaves the selftest modules out of a tree that is older than them', () => {
    expect(plan('x86_64', treeWith([], ['HAVE_LIVEPATCH']))['selftests']).toBe(`the tree has no \`${testModules}\``)
  })

  it('does not apply to an architecture that the tree does not have', () => {
    expect(whyNotArch(archOf('s390'), treeWith(['arch/x86'], []))).toBe('the tree has no `arch/s390`')
    expect(whyNotArch(archOf('s390'), treeWith(['arch/s390'], []))).toBeNull()
  })

  it('builds vmlinux in the full tier alone', () => {
    const idsOf = (tier: 'fast' | 'full') => goalsOf(profile, archOf('s390'), tier).map(({ id }) => id)
    expect(idsOf('fast')).not.toContain('vmlinux')
    expect(idsOf('full')).toEqual(expect.arrayContaining(['prepare', 'vmlinux', 'image']))
  })
})

describe('a configuration', () => {
  const config = '# CONFIG_SMP is not set\nCONFIG_MODULES=y\nCONFIG_SAMPLE_KOBJECT=m\nCONFIG_LOG_BUF_SHIFT=17\n'

  it('is read for what is y or m', () => {
    expect([...readConfigured(config)]).toEqual(['MODULES', 'SAMPLE_KOBJECT'])
  })
})
