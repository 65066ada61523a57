import { selftestLists, type Selftest } from '../../src/kbuild/selftest-directory.ts'
import type { TreeContext } from '../../src/review/rule.ts'

/** A script that no list names; `end` is that of its first line. */
export type UnlistedTest = { readonly file: string; readonly end: number }

/** How tests are called: `test_hotplug.sh`, `hotplug_test.py`, `test-hotplug.sh`. */
const testName = /^test[_-][\w.-]*\.(?:sh|py)$|[_-]test\.(?:sh|py)$/

/** Scripts of a selftest's directory that look like tests, may be run, and that neither a list nor anything beside them names. */
export function unlistedTests({ directory, lists, unknown }: Selftest, { tree }: TreeContext): readonly UnlistedTest[] {
  const entries = tree.list(directory)
  const names = entries.flatMap(({ name, kind }) => (kind === 'file' && testName.test(name) ? [name] : []))
  if (names.length === 0 || unknown.length > 0) return []
  const listed = new Set(selftestLists.flatMap((list) => lists[list].map(({ text }) => text)))
  const left = names.filter((name) => !listed.has(name) && tree.isExecutable(`${directory}/${name}`))
  if (left.length === 0) return []
  const texts = entries.flatMap(({ name, kind }) => {
    const text = kind === 'file' && !/\.[chS]$/.test(name) ? tree.read(`${directory}/${name}`) : null
    return text === null ? [] : [{ name, text }]
  })
  return left.flatMap((name) => {
    if (texts.some((each) => each.name !== name && each.text.includes(name))) return []
    const file = `${directory}/${name}`
    const text = texts.find((each) => each.name === name)?.text ?? ''
    return text.startsWith('#!') ? [{ file, end: Math.max(0, text.indexOf('\n')) }] : []
  })
}
