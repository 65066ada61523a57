import { existsSync, realpathSync } from 'node:fs'
import { describe, it } from 'vitest'

/** Real data that tests run on: two kernels as git checkouts, and a directory with the list archives linux-kbuild/ and live-patching/. */
export type RealData = 'KBUILD_REVIEW_TREE_6_12' | 'KBUILD_REVIEW_TREE_6_1' | 'KBUILD_REVIEW_LORE'

/** Where real data lies, without symbolic links, as make and git name it; null where the environment does not say, or says a place that is not there. */
export function realData(variable: RealData): string | null {
  const path = process.env[variable]
  return path !== undefined && existsSync(path) ? realpathSync(path) : null
}

/** Tests on real data: `body` gets the directories in the order asked for. Where one is missing one skipped test says so. */
export function describeReal(title: string, needed: readonly RealData[], body: (...paths: string[]) => void): void {
  const missing = needed.filter((variable) => realData(variable) === null)
  if (missing.length > 0) {
    it.skip(`${title}: ${missing.join(' and ')} not set, or no directory is there`)
    return
  }
  describe(title, () => body(...needed.flatMap((variable) => realData(variable) ?? [])))
}
