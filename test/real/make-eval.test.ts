import { expect, it } from 'vitest'
import { runOracleA } from './oracle-a.ts'
import { describeReal } from './support.ts'

/** A sample of the files; `npm run proof -- model` runs all of them. */
const sample = { configsPerFile: 2, seed: 1, maxFiles: 500 }

describeReal(
  'the makefiles of directories of Linux 6.12 and 6.1',
  ['KBUILD_REVIEW_TREE_6_12', 'KBUILD_REVIEW_TREE_6_1'],
  (...trees) => {
    it.each(trees)('have the values that GNU make gives them under random configurations: %s', async (tree) => {
      const result = await runOracleA({ tree, ...sample })
      expect(result.differences).toEqual([])
      expect(result.values).toBeGreaterThan(result.runs * 20)
      expect(result.failures.filter((failure) => !failure.includes('No such file or directory'))).toEqual([])
    })

    it.each(trees)('list objects that are known in full in 99 of 100 files: %s', async (tree) => {
      const result = await runOracleA({ tree, ...sample, configsPerFile: 0, maxFiles: 10_000 })
      expect(result.files).toBeGreaterThan(2400)
      expect(result.filesWithoutUnknown / result.files).toBeGreaterThanOrEqual(0.99)
    })
  },
)
