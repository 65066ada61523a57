import { expect, it } from 'vitest'
import { evaluateExternalModule, evaluateSharedScript, sharedScripts } from '../../src/kbuild/external-module.ts'
import { indexIncludes } from '../../src/kbuild/include-index.ts'
import { createClosures, roleOf } from '../../src/kbuild/make-closure.ts'
import { parseOnce } from '../../src/kbuild/parsed-files.ts'
import { overriddenRecipes } from '../../src/kbuild/overridden-recipes.ts'
import { isMakefile } from '../../src/review/world.ts'
import { literalText } from '../../src/make/expr-text.ts'
import { KNOWN_FUNCTIONS } from '../../src/make/known-functions.ts'
import { callsOf, exprsOf, visitNodes } from '../../src/make/visit.ts'
import type { Tree } from '../../src/text/tree.ts'
import { allFiles } from '../support/tree.ts'
import { diskTree } from './disk-tree.ts'
import { describeReal } from './support.ts'

const selftests = 'tools/testing/selftests'

/** Names that a makefile calls, and that nothing it is read with defines. */
function undefinedCalls(tree: Tree, paths: readonly string[]): readonly string[] {
  const parsed = parseOnce(tree)
  const closureOf = createClosures(tree, { parsed })
  return paths.flatMap((path) => {
    const [makefile, closure] = [parsed(path), closureOf(path)]
    if (makefile === null || closure === null) return []
    const exprs = [...visitNodes(makefile.nodes)].flatMap(({ node }) => exprsOf(node))
    const names = exprs
      .flatMap(({ expr }) => callsOf(expr, 'call'))
      .flatMap(({ args: [name] }) => {
        const text = name === undefined ? null : literalText(makefile.text, name)
        return text === null ? [] : [text.trim()]
      })
    const missing = [...new Set(names)].filter((name) => !KNOWN_FUNCTIONS.has(name) && !closure.mayBeDefined(name))
    return missing.map((name) => `${path} ${name}`)
  })
}

for (const [version, variable] of [
  ['6.12', 'KBUILD_REVIEW_TREE_6_12'],
  ['6.1', 'KBUILD_REVIEW_TREE_6_1'],
] as const) {
  describeReal(`what makefiles of Linux ${version} are read with`, [variable], (top) => {
    const tree = diskTree(top)
    const own = allFiles(tree, 'tools').filter(isMakefile)

    it('gives a role and a closure to every makefile of tools/ but the fragments', () => {
      const closureOf = createClosures(tree)
      const without = own.filter((path) => roleOf(path) !== null && closureOf(path) === null)
      expect(without).toEqual([])
      expect(own.filter((path) => roleOf(path) !== null).length).toBeGreaterThan(250)
    })

    it('knows the includers of the library of selftests', () => {
      const includers = indexIncludes(tree, own).includersOf(`${selftests}/lib.mk`)
      expect(includers.length).toBeGreaterThan(120)
      expect(includers).toContain(`${selftests}/livepatch/Makefile`)
    })

    it('finds calls of what is not defined in selftests, where there are any', () => {
      const calls = undefinedCalls(
        tree,
        own.filter((path) => path.startsWith(`${selftests}/`)),
      )
      const known = version === '6.12' ? [`${selftests}/powerpc/dexcr/Makefile cc-option`] : []
      expect(calls).toEqual(known)
    })

    it('has vmlinux as a prerequisite of modules in the kernel alone', () => {
      for (const script of sharedScripts) {
        const external = evaluateSharedScript(tree, script, { mode: 'external' })
        const needs = external?.rules.all.flatMap(({ prerequisites }) => prerequisites.map(({ text }) => text))
        expect([script, needs?.includes('vmlinux')]).toEqual([script, false])
        if (external !== null) expect(overriddenRecipes(external.rules)).toEqual([])
      }
      const kernel = evaluateSharedScript(tree, 'scripts/Makefile.modfinal', { mode: 'kernel' })
      expect(kernel?.rules.all.some(({ prerequisites }) => prerequisites.some(({ text }) => text === 'vmlinux'))).toBe(
        true,
      )
    })

    it('reads the makefile of a module twice', () => {
      const found = evaluateExternalModule(tree, `${selftests}/bpf/bpf_testmod`)
      expect(found?.kbuild.lists.module.map(({ text }) => text)).toEqual(['bpf_testmod.o'])
      expect(found?.wrapper?.rules.names).toEqual(expect.arrayContaining(['all', 'clean']))
    })
  })
}
