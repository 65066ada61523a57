import { afterAll, beforeAll, expect, it } from 'vitest'
import { readDialect } from '../../src/kconfig/dialect.ts'
import type { KconfigDialect } from '../../src/kconfig/dialect.ts'
import { parseDotConfig } from '../../src/kconfig/dot-config.ts'
import { evaluateConfig } from '../../src/kconfig/evaluate.ts'
import type { ConfigMode } from '../../src/kconfig/evaluate.ts'
import { loadKconfig } from '../../src/kconfig/load.ts'
import { writeDotConfig } from '../../src/kconfig/write-config.ts'
import { modes, startsFromConfig } from '../oracle/kconfig/cases.ts'
import { treeOf } from '../support/tree.ts'
import { diskTree } from './disk-tree.ts'
import { openReferenceKconfig } from './kconfig-reference.ts'
import type { ReferenceKconfig } from './kconfig-reference.ts'
import { randomKconfig } from './random-kconfig.ts'
import type { RandomKconfig } from './random-kconfig.ts'
import { describeReal } from './support.ts'

const seeds = Array.from({ length: 150 }, (_, i) => 1000 + i)

for (const [version, variable] of [
  ['6.12', 'KBUILD_REVIEW_TREE_6_12'],
  ['6.1', 'KBUILD_REVIEW_TREE_6_1'],
] as const) {
  describeReal(`random Kconfig files, by conf of Linux ${version}`, [variable], (path) => {
    let reference: ReferenceKconfig
    beforeAll(async () => {
      reference = await openReferenceKconfig(path, 'x86_64')
      await reference.run('allnoconfig')
    })
    afterAll(() => reference.close())

    it('become the .config that conf makes of them, in every mode', async () => {
      const dialect = readDialect(diskTree(path))
      let accepted = 0
      for (const seed of seeds) {
        const random = randomKconfig(seed, dialect)
        const differences = await differingModes(reference, random, dialect)
        if (differences === null) continue
        accepted++
        expect(differences, `seed ${seed}\n${random.kconfig}\n${random.config}`).toEqual([])
      }
      expect(accepted).toBeGreaterThan(seeds.length / 2)
    })
  })
}

/** The modes in which conf and we differ; null where conf refuses the file. */
async function differingModes(
  reference: ReferenceKconfig,
  { kconfig, config }: RandomKconfig,
  dialect: KconfigDialect,
): Promise<ConfigMode[] | null> {
  const model = loadKconfig(treeOf({ Kconfig: kconfig }), { env: new Map(), dialect })
  const differing: ConfigMode[] = []
  for (const mode of modes) {
    const start = startsFromConfig(mode) ? config : ''
    const run = await reference.runOn({ files: { Kconfig: kconfig }, mode, start })
    if (run === null) return null
    const values = evaluateConfig(model, { mode, assignments: parseDotConfig(start) })
    if (writeDotConfig(model, values) !== run.config) differing.push(mode)
  }
  return differing
}
