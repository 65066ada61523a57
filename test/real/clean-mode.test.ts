import { expect, it } from 'vitest'
import { cleanedDirectories, cleanPatterns, cleanScope } from '../../src/kbuild/clean-mode.ts'
import type { Cleaned, CleanScope } from '../../src/kbuild/clean-mode.ts'
import { diskTree } from './disk-tree.ts'
import { askMake, compareValues } from './run-oracle.ts'
import { describeReal } from './support.ts'

/** Every so many-th directory is compared: 300 of them. */
const step = 7
const arch = 'x86'

/** What scripts/Makefile.clean itself makes, and reads. */
const listNames: readonly string[] = [
  ...['clean-files', 'no-clean-files', 'targets', 'hostprogs', 'userprogs', 'subdir-ymn', '__clean-files'],
  ...['obj', 'lib', 'subdir', 'extra', 'always', 'hostprogs-always'].flatMap((list) => [
    `${list}-y`,
    `${list}-m`,
    `${list}-`,
  ]),
]

/** Variables that the makefile of the directory sets, with names that can be asked for. */
function ownNames({ evaluation, makefile }: Cleaned): readonly string[] {
  return evaluation.settings
    .filter(({ span, name }) => span.file === makefile && name !== 'PHONY' && /^[^\s:=$,()#]+$/.test(name))
    .map(({ name }) => name)
}

/** What the top Makefile exports, as texts. */
function environmentOf({ top }: CleanScope): Readonly<Record<string, string>> {
  const own = new Set(['MAKEFLAGS', 'PATH', 'SHELL', 'MAKECMDGOALS', 'MAKE_VERSION', '.FEATURES', 'CURDIR'])
  const texts = [...top.exported.keys()].flatMap((name) => {
    const text = top.evaluation?.text(name, { symbol: () => 'n', atom: () => false })
    return text?.kind === 'text' && !own.has(name) ? [[name, text.text] as const] : []
  })
  return { ...Object.fromEntries(texts), srctree: '.', objtree: '.', srcroot: '.', ARCH: arch, SRCARCH: arch }
}

for (const [version, variable] of [
  ['6.12', 'KBUILD_REVIEW_TREE_6_12'],
  ['6.1', 'KBUILD_REVIEW_TREE_6_1'],
] as const) {
  describeReal(`make clean in Linux ${version}`, [variable], (top) => {
    const scope = cleanScope(diskTree(top), arch)
    const directories = cleanedDirectories(scope)

    it('removes what scripts/Makefile.clean of GNU make removes, and goes where it goes', async () => {
      const inherited = environmentOf(scope)
      const differences: unknown[] = []
      const unknown: string[] = []
      let [compared, count] = [0, 0]
      for (const [index, [directory, cleaned]] of [...directories].entries()) {
        if (index % step !== 0) continue
        const names = [...new Set([...listNames, ...ownNames(cleaned)])]
        const theirs = await askMake({
          ...{ top, directory: '', makefile: 'scripts/Makefile.clean', shell: 'silent' },
          ...{ commandLine: { obj: directory }, inherited, names },
        })
        expect([directory, theirs.failure]).toEqual([directory, null])
        const result = compareValues(cleaned.evaluation, theirs, names)
        compared += result.compared
        count++
        unknown.push(...result.unknown.map((each) => `${directory} ${each}`))
        differences.push(...result.differences.map((each) => ({ directory, ...each })))
      }
      expect(differences).toEqual([])
      expect(unknown.filter((each) => !/: a (?:tool is asked|command is run)$|\$\(shell /.test(each))).toEqual([])
      expect(count).toBeGreaterThan(250)
      expect(compared).toBeGreaterThan(4000)
    })

    it('knows what is removed everywhere', () => {
      expect(cleanPatterns(scope).map(({ pattern }) => pattern)).toEqual(
        expect.arrayContaining(['*.[aios]', '.*.cmd', '*.mod.c']),
      )
    })

    it('comes to nearly all directories, and knows their lists', () => {
      expect(directories.size).toBeGreaterThan(1500)
      const doubtful = [...directories.values()].filter(({ unknown }) => unknown.length > 0)
      expect(doubtful.length).toBeLessThan(10)
    })
  })
}
