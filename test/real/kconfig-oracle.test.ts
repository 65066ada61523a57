import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConfigMode } from '../../src/kconfig/evaluate.ts'
import { readDialect } from '../../src/kconfig/dialect.ts'
import {
  dialects,
  joinConfigs,
  modes,
  oracleCases,
  oracleEnvironment,
  startsFromConfig,
} from '../oracle/kconfig/cases.ts'
import type { OracleCase } from '../oracle/kconfig/cases.ts'
import { diskTree } from './disk-tree.ts'
import { openReferenceKconfig } from './kconfig-reference.ts'
import type { ReferenceKconfig } from './kconfig-reference.ts'
import { describeReal } from './support.ts'

/** `KBUILD_REVIEW_WRITE_ORACLE=1` writes what conf says instead of comparing with it. */
const isWriting = process.env['KBUILD_REVIEW_WRITE_ORACLE'] === '1'

for (const [version, variable] of [
  ['6.12', 'KBUILD_REVIEW_TREE_6_12'],
  ['6.1', 'KBUILD_REVIEW_TREE_6_1'],
] as const) {
  describeReal(`the oracle cases of Kconfig, by conf of Linux ${version}`, [variable], (path) => {
    let reference: ReferenceKconfig
    beforeAll(async () => {
      reference = await openReferenceKconfig(path, 'x86_64')
      await reference.run('allnoconfig')
    })
    afterAll(() => reference.close())

    it('reads the dialect from the tree as the cases have it', () => {
      expect(readDialect(diskTree(path))).toEqual(dialects[version])
    })

    describe('expect what conf writes', () => {
      it.each(oracleCases().map((one) => [one.name, one] as const))('%s', async (_name, one) => {
        const configs = await referenceConfigs(reference, one)
        const expected = one.expectedPath(version)
        if (isWriting) {
          rmSync(expected, { force: true })
          if (configs !== null) writeFileSync(expected, configs)
        }
        expect(existsSync(expected) ? readFileSync(expected, 'utf8') : null).toBe(configs)
      })
    })
  })
}

/** The .configs of conf for a case; null where it refuses the files. */
async function referenceConfigs(reference: ReferenceKconfig, { files, start }: OracleCase): Promise<string | null> {
  const configs = new Map<ConfigMode, string>()
  for (const mode of modes) {
    const run = await reference.runOn({
      files,
      mode,
      env: oracleEnvironment,
      ...(startsFromConfig(mode) ? { start } : {}),
    })
    if (run === null) return null
    configs.set(mode, run.config)
  }
  return joinConfigs(configs)
}
