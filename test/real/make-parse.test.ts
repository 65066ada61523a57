import { expect, it } from 'vitest'
import type { Makefile } from '../../src/make/cst.ts'
import { defineBody } from '../../src/make/define.ts'
import { parseMakefile } from '../../src/make/parse.ts'
import { printMakefile } from '../../src/make/print.ts'
import { rulesWithRecipes } from '../../src/make/recipes.ts'
import { syntaxErrors } from '../../src/make/syntax-errors.ts'
import { visitNodes } from '../../src/make/visit.ts'
import { indexLines, offsetToPosition } from '../../src/text/line-index.ts'
import { kernelMakefiles } from '../support/kernel-makefiles.ts'
import type { RealData } from './support.ts'
import { describeReal } from './support.ts'

const KERNELS: readonly { readonly variable: RealData; readonly atLeast: number }[] = [
  { variable: 'KBUILD_REVIEW_TREE_6_12', atLeast: 3300 },
  { variable: 'KBUILD_REVIEW_TREE_6_1', atLeast: 3000 },
]

for (const { variable, atLeast } of KERNELS) {
  describeReal(`the makefiles of ${variable}`, [variable], (tree) => {
    const makefiles = kernelMakefiles(tree).map(({ path, text }) => ({ path, makefile: parseMakefile(text) }))

    it('are all found', () => {
      expect(makefiles.length).toBeGreaterThan(atLeast)
    })

    it('are printed again as they are', () => {
      const changed = makefiles.filter(({ makefile }) => printMakefile(makefile) !== makefile.text)
      expect(changed.map(({ path }) => path)).toEqual([])
    })

    it('hold nothing that make refuses, in any branch', () => {
      const errors = makefiles.flatMap(({ path, makefile }) =>
        syntaxErrors(makefile).map(({ message, range }) => `${at(path, makefile, range.start)}: ${message}`),
      )
      expect(errors).toEqual([])
    })

    it('have a rule for each line of a recipe', () => {
      const lines = makefiles.flatMap(({ path, makefile }) => {
        const owned = new Set(rulesWithRecipes(makefile).flatMap(({ recipes }) => recipes.map(({ recipe }) => recipe)))
        return [...visitNodes(makefile.nodes)].flatMap(({ node }) =>
          node.kind === 'recipe' && !owned.has(node) ? [at(path, makefile, node.range.start)] : [],
        )
      })
      expect(lines).toEqual([])
    })

    it('have definitions whose bodies are printed again as they are', () => {
      let bodies = 0
      for (const { makefile } of makefiles) {
        for (const { node } of visitNodes(makefile.nodes)) {
          if (node.kind !== 'define') continue
          bodies++
          expect(printMakefile(defineBody(makefile, node))).toBe(makefile.text.slice(node.body.start, node.body.end))
        }
      }
      expect(bodies).toBeGreaterThan(100)
    })
  })
}

function at(path: string, makefile: Makefile, offset: number): string {
  return `${path}:${offsetToPosition(indexLines(makefile.text), offset).line}`
}
