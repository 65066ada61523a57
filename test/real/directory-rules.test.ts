import { expect, it } from 'vitest'
import { compareRules } from './rule-oracle.ts'
import { describeReal } from './support.ts'

const configsPerFile = 2

for (const [version, variable] of [
  ['6.12', 'KBUILD_REVIEW_TREE_6_12'],
  ['6.1', 'KBUILD_REVIEW_TREE_6_1'],
] as const) {
  describeReal(`the rules of the makefiles of Linux ${version}`, [variable], (path) => {
    it('are those of the database of GNU make: targets, prerequisites and where the recipe is', () => {
      const { files, failures, targets, prerequisites, differences } = compareRules(path, configsPerFile)
      expect(differences).toEqual([])
      expect(failures).toEqual([])
      expect(files).toBeGreaterThan(150)
      expect(targets).toBeGreaterThan(2000)
      expect(prerequisites).toBeGreaterThan(4500)
    }, 120_000)
  })
}
