import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

const demo = resolve(import.meta.dirname, '..', '..', 'demo', 'tree')

/** The files of the kernel of `npm run demo`, by path: small, but whole enough for all rules. */
export function demoKernel(): Readonly<Record<string, string>> {
  const names = readdirSync(demo, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = names.map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(paths.map((path) => [relative(demo, path), readFileSync(path, 'utf8')]))
}
