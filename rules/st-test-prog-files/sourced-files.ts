import { selftestLibrary, type Selftest } from '../../src/kbuild/selftest-directory.ts'
import { normalise } from '../../src/kbuild/parsed-files.ts'
import type { Report } from '../../src/review/finding.ts'
import type { TreeContext } from '../../src/review/rule.ts'
import { entryAt } from '../../src/review/selftests.ts'

/** `. ../lib.sh`, `source "$(dirname "$0")/../lib.sh"`, `source "$lib_dir"/...` is not known. */
const sourceLine =
  /^[ \t]*(?:source|\.)[ \t]+"?(?:\$\(dirname "?(?:\$0|\$\{?BASH_SOURCE(?:\[0\]\})?)"?\)"?\/)?(?<path>\.\.\/[\w./-]+)"?[ \t]*(?:#.*)?$/gm

/** Files of other directories that a test of this one sources, and that are not installed with it. */
export function sourcedOutside(selftest: Selftest, { tree, makefile }: TreeContext): readonly Report[] {
  const { directory, lists, unknown } = selftest
  const knowsIncludes = makefile(selftestLibrary)?.text.includes('TEST_INCLUDES') ?? false
  if (!knowsIncludes || unknown.length > 0) return []
  const included = new Set(lists.TEST_INCLUDES.map(({ text }) => normalise(`${directory}/${text}`)))
  const reports = new Map<string, Report>()
  const scripts = [...lists.TEST_PROGS, ...lists.TEST_PROGS_EXTENDED].filter(
    ({ text, inOutput }) => !inOutput && entryAt(tree, directory, text) === 'file',
  )
  tree.prefetch(scripts.map(({ text }) => `${directory}/${text}`))
  for (const { text, origin } of scripts) {
    for (const match of tree.read(`${directory}/${text}`)?.matchAll(sourceLine) ?? []) {
      const written = match.groups?.['path'] ?? ''
      const path = normalise(`${directory}/${written}`)
      if (included.has(path) || reports.has(path) || entryAt(tree, directory, written) !== 'file') continue
      reports.set(path, {
        at: origin,
        subject: `TEST_INCLUDES ${path}`,
        message: `\`${text}\` sources \`${written}\`, which is not installed: \`TEST_INCLUDES\` does not name it`,
      })
    }
  }
  return [...reports.values()]
}
