import type { Tree } from '../text/tree.ts'

/** The oldest GNU make that a tree is to be built with, and where it says so. */
export type MinimumMake = { readonly version: string; readonly place: string }

/** Where a tree says it: the check at the top of the top makefile (since Linux 6.11), or the table of required programs. */
const sources = [
  { path: 'Makefile', pattern: /^\$\(error GNU Make >= ([\d.]+) is required/m },
  { path: 'Documentation/process/changes.rst', pattern: /^GNU make +([\d.]+) +make --version/m },
] as const

/** The oldest GNU make that the tree admits; null where it does not say. */
export function minimumMake(tree: Tree): MinimumMake | null {
  for (const { path, pattern } of sources) {
    const text = tree.read(path)
    const found = text === null ? null : pattern.exec(text)
    const version = found?.[1]
    if (text === null || version === undefined) continue
    const line = text.slice(0, found?.index).split('\n').length
    return { version, place: `${path}:${line}` }
  }
  return null
}

/** Whether a version is older than another: numbers with dots between. */
export function isOlder(version: string, than: string): boolean {
  const [left, right] = [version, than].map((text) => text.split('.').map(Number))
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}
