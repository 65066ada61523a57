import { normalise } from '../kbuild/parsed-files.ts'
import { selftestsDirectory, type Selftest } from '../kbuild/selftest-directory.ts'
import { listOnce } from '../text/list-once.ts'
import type { Tree, TreeEntry } from '../text/tree.ts'
import type { TreeContext } from './rule.ts'

/** The selftests with lib.mk whose makefiles are under review: for a fragment, those of all that include it. */
export function selftestsUnderReview({ makefiles, closures }: TreeContext): readonly Selftest[] {
  const known = closures()
  const paths = makefiles.flatMap(({ path, world }) => (world === 'selftests' ? known.readers(path) : []))
  return [...new Set(paths)].sort().flatMap((path) => {
    const selftest = path === `${selftestsDirectory}/Makefile` ? null : known.selftest(directoryOf(path))
    return selftest?.usesLib === true ? [selftest] : []
  })
}

/** What stands at a path, relative to a directory; `unknown` behind a symbolic link, or out of the tree. */
export function entryAt(tree: Tree, directory: string, word: string): TreeEntry['kind'] | 'missing' | 'unknown' {
  const path = normalise(`${directory}/${word}`)
  if (path.startsWith('..') || word.startsWith('/')) return 'unknown'
  const parent = directoryOf(path)
  const found = listOnce(tree)(parent).find(({ name }) => name === path.slice(path.lastIndexOf('/') + 1))
  if (found !== undefined) return found.kind
  return isBehindLink(tree, parent) ? 'unknown' : 'missing'
}

/** Whether a part of a path is no directory of the tree, but something that may lead to one. */
function isBehindLink(tree: Tree, path: string): boolean {
  const parts = path.split('/')
  return parts.some((name, at) => {
    const entry = listOnce(tree)(parts.slice(0, at).join('/')).find((each) => each.name === name)
    return entry?.kind === 'symlink' || entry?.kind === 'submodule'
  })
}

/** Whether a selftest's own makefiles say how a file comes to be: it is a target, or a recipe names it. */
export function isMadeBySelftest({ rules, files, evaluation, directory }: Selftest, word: string): boolean {
  if (rules.target(word) !== null || rules.target(`/kernel/${directory}/${word}`) !== null) return true
  const own = new Set(files.flatMap(({ path }) => (path.endsWith('/lib.mk') ? [] : [path])))
  return evaluation.rules.some(
    ({ recipe, origin }) => own.has(origin.file) && recipe.some(({ text }) => text.includes(word)),
  )
}

/** The directory of a path; '' at the top. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
