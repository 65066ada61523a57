import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The top of the checkout or of the installed package: the directory of the nearest package.json. */
export function packageRoot(from: string = import.meta.dirname): string {
  for (let directory = from; ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) return directory
    if (dirname(directory) === directory) throw new Error(`no package.json above ${from}`)
  }
}

/** The version that package.json names. */
export function packageVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'))
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : 'unknown'
}

/** The page of a rule in markdown, with its front lines; null where there is none. */
export function rulePage(id: string): string | null {
  const path = rulePagePath(id)
  return path === null ? null : readFileSync(path, 'utf8')
}

/** Where the page of a rule is; null where there is none. */
export function rulePagePath(id: string): string | null {
  if (!/^[a-z][a-z0-9-]*$/.test(id)) return null
  const path = join(packageRoot(), 'rules', id, 'README.md')
  return existsSync(path) ? path : null
}

/** How many cases a rule has; null in an installed package, which has none. */
export function caseCount(id: string): number | null {
  const path = join(packageRoot(), 'rules', id, 'cases')
  if (!existsSync(path)) return null
  return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()).length
}
