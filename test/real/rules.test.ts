import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import msTargetTypo from '../../rules/ms-target-typo/rule.ts'
import msUnbalancedConditional from '../../rules/ms-unbalanced-conditional/rule.ts'
import prRecipients from '../../rules/pr-recipients/rule.ts'
import { readMessage } from '../../src/mail/read.ts'
import { createFacts } from '../../src/review/facts.ts'
import { lintTree } from '../../src/review/lint-tree.ts'
import { parseMaintainers, sectionsOf } from '../../src/review/maintainers.ts'
import { reviewSeries } from '../../src/review/review-series.ts'
import type { Rule } from '../../src/review/rule.ts'
import { readPosted } from '../../src/series/posted.ts'
import type { Patch } from '../../src/series/series.ts'
import { seriesOf } from '../support/steps.ts'
import { patchTree, treeOf } from '../support/tree.ts'
import { rawMails } from './archive.ts'
import { diskTree } from './disk-tree.ts'
import { describeReal } from './support.ts'

const now = Date.UTC(2026, 0)

/** The patches of a list that a test wants, in order. */
async function patchesOf(archive: string, wanted: (raw: Buffer) => boolean): Promise<Patch[]> {
  const patches: Patch[] = []
  for (const { raw } of await rawMails(archive)) {
    if (!wanted(raw)) continue
    const read = await readMessage(raw, { now, origin: { kind: 'none' } })
    const posted = read.kind === 'message' ? readPosted(read.message) : null
    if (posted?.kind !== 'patches') continue
    patches.push(...posted.patches.map(({ patch }) => ({ ...patch, index: 1, total: 1 })))
  }
  return patches
}

describeReal('rules on whole kernels', ['KBUILD_REVIEW_TREE_6_12', 'KBUILD_REVIEW_TREE_6_1'], (tree612, tree61) => {
  const found = (tree: string | undefined, rule: Rule): string[] => {
    const lint = lintTree({ tree: diskTree(tree ?? ''), rules: [rule], facts: createFacts(), paths: [''] })
    expect(lint.files).toBeGreaterThan(4500)
    return lint.findings.map(({ path, line }) => `${path}:${line}`)
  }

  it('finds every conditional of 6.12 and 6.1 balanced', () => {
    expect(found(tree612, msUnbalancedConditional)).toEqual([])
    expect(found(tree61, msUnbalancedConditional)).toEqual([])
  })

  it('finds the two comments that are rules in 6.12, and no slip in 6.1', () => {
    expect(found(tree612, msTargetTypo)).toEqual(['drivers/crypto/tegra/Makefile:1', 'drivers/crypto/tegra/Makefile:2'])
    expect(found(tree61, msTargetTypo)).toEqual([])
  })
})

describeReal('MAINTAINERS of 6.12', ['KBUILD_REVIEW_TREE_6_12'], (tree = '') => {
  const sections = parseMaintainers(readFileSync(join(tree, 'MAINTAINERS'), 'utf8'))

  it.each([
    'Makefile',
    'Kbuild',
    'scripts/Makefile.build',
    'scripts/Makefile.kasan',
    'scripts/Makefile.modfinal',
    'scripts/Kbuild.include',
    'scripts/Kconfig.include',
    'scripts/kconfig/menu.c',
    'scripts/mod/modpost.c',
    'scripts/package/PKGBUILD',
    'scripts/link-vmlinux.sh',
    'usr/include/Makefile',
    'tools/testing/selftests/lib.mk',
    'tools/testing/selftests/livepatch/Makefile',
    'Documentation/kbuild/makefiles.rst',
    'rust/Makefile',
    'samples/Makefile',
    'drivers/tty/serial/8250/Makefile',
    'sound/soc/codecs/da7213.c',
    'include/linux/livepatch.h',
  ])('belongs to the sections that get_maintainer.pl names for %s', (path) => {
    // None of these paths has a section by N: alone, which we do not read.
    const options = ['--no-git', '--no-git-fallback', '--no-keywords', '--no-rolestats', '--subsystem']
    const args = ['scripts/get_maintainer.pl', ...options, '-f', path]
    const output = execFileSync('perl', args, { cwd: tree, encoding: 'utf8' })
    const names = output.split('\n').filter((line) => sections.some(({ name }) => name === line))
    expect(names.length).toBeGreaterThan(0)
    expect(
      sectionsOf(sections, path)
        .map(({ section }) => section.name)
        .sort(),
    ).toEqual([...new Set(names)].sort())
  })
})

describeReal(
  'a rule on the mails of a list',
  ['KBUILD_REVIEW_TREE_6_12', 'KBUILD_REVIEW_LORE'],
  (tree = '', lore = '') => {
    it('finds the endif that "kbuild: Strip runtime const RELA sections correctly" v2 takes along', async () => {
      const id = '20250113143222.1868692-2-ardb+git@google.com'
      const [patch] = await patchesOf(join(lore, 'linux-kbuild'), (raw) => raw.includes(`\nMessage-ID: <${id}>`))
      if (!patch) return expect.unreachable('the archive has the patch')
      const path = 'arch/riscv/Makefile.postlink'
      const files = patch.files.filter(({ newPath }) => newPath === path)
      const before = treeOf({ [path]: readFileSync(join(tree, path), 'utf8') })
      const only = { ...patch, files }
      const { findings } = reviewSeries({
        series: seriesOf([only]),
        steps: [{ patch: only, before, after: patchTree(before, files) }],
        rules: [msUnbalancedConditional],
        facts: createFacts(),
      })
      expect(findings).toMatchObject([
        { path, message: '`ifdef CONFIG_RELOCATABLE` has no `endif`', placement: { kind: 'hunk' } },
      ])
    })

    it('finds ten patches of the live-patching list that no one of the build system was sent', async () => {
      const maintainers = readFileSync(join(tree, 'MAINTAINERS'), 'utf8')
      const before = treeOf({ MAINTAINERS: maintainers })
      const patches = await patchesOf(join(lore, 'live-patching'), () => true)
      const told = patches.filter((patch) => {
        const steps = [{ patch: { ...patch, problems: [] }, before, after: before }]
        return (
          reviewSeries({ series: seriesOf([patch]), steps, rules: [prRecipients], facts: createFacts() }).findings
            .length > 0
        )
      })
      expect(patches.length).toBe(557)
      expect(told.length).toBe(10)
    })
  },
)
