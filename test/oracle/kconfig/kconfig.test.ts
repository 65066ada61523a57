import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { unsupportedSyntax } from '../../../src/kconfig/dialect.ts'
import { parseDotConfig } from '../../../src/kconfig/dot-config.ts'
import { evaluateConfig } from '../../../src/kconfig/evaluate.ts'
import { loadKconfig } from '../../../src/kconfig/load.ts'
import { parseKconfig } from '../../../src/kconfig/parse.ts'
import { writeDotConfig } from '../../../src/kconfig/write-config.ts'
import { treeOf } from '../../support/tree.ts'
import { dialects, joinConfigs, modes, oracleCases, oracleEnvironment, startsFromConfig } from './cases.ts'
import type { OracleCase, Version } from './cases.ts'

/** The .configs that we make of a case. */
function configsOf({ files, start, answers }: OracleCase, version: Version): string {
  const env = new Map(Object.entries(oracleEnvironment))
  const answer = (command: string): string | null => answers[command] ?? null
  const model = loadKconfig(treeOf(files), { env, answer, dialect: dialects[version] })
  return joinConfigs(
    new Map(
      modes.map((mode) => {
        const assignments = startsFromConfig(mode) ? parseDotConfig(start) : []
        return [mode, writeDotConfig(model, evaluateConfig(model, { mode, assignments }))]
      }),
    ),
  )
}

// What is expected was written by the conf of that kernel: test/real/kconfig-oracle.test.ts compares it anew.
for (const version of ['6.12', '6.1'] as const) {
  describe(`the .configs of conf of Linux ${version}`, () => {
    it.each(oracleCases().map((one) => [one.name, one] as const))('are ours for %s', (_name, one) => {
      const path = one.expectedPath(version)
      if (existsSync(path)) {
        expect(configsOf(one, version)).toBe(readFileSync(path, 'utf8'))
        return
      }
      const unsupported = Object.values(one.files).flatMap((text) =>
        unsupportedSyntax(parseKconfig(text), dialects[version]),
      )
      expect(unsupported.length).toBeGreaterThan(0)
    })
  })
}
