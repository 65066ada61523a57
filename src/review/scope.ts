import { pathOf, type FileDiff } from '../diff/file-diff.ts'
import type { Tree } from '../text/tree.ts'
import { filesNaming, filesSelecting, lostSymbols, tightenedSymbols, unsourcedFiles } from './lost-symbols.ts'
import { isKconfig, isMakefile } from './world.ts'

/**
 * Of a tree, the files that tree rules look at because a patch touches `touched`: a superset of the build files among them. `before`
 * is the tree before the patch, where `tree` is the one after it.
 */
export type Widen = (tree: Tree, touched: readonly string[], before?: Tree) => readonly string[]

/** The paths of a diff, in the tree after it (before it, for deleted files). */
export function touchedPaths(files: readonly FileDiff[]): readonly string[] {
  return files.map(pathOf)
}

/**
 * The touched build files; for every touched file the makefile of its directory, which decides whether it is built; the
 * makefiles beside a touched one that name it in an `include` line; every build file that still names a symbol of Kconfig
 * which the patch takes away; every Kconfig file that selects one which the patch makes depend on something; and every Kconfig file
 * that a touched one brought in before the patch and does not any more.
 */
export const widenToDirectory: Widen = (tree, touched, before) => {
  const wanted = new Set<string>()
  for (const path of touched) {
    if (isMakefile(path) || isKconfig(path)) wanted.add(path)
    for (const neighbour of makefilesOf(tree, directoryOf(path)))
      if (isDirectoryMakefile(neighbour) || includes(tree.read(neighbour) ?? '', baseName(path))) wanted.add(neighbour)
  }
  if (before !== undefined) {
    for (const path of filesNaming(lostSymbols(before, tree, touched), tree)) wanted.add(path)
    for (const path of filesSelecting(tightenedSymbols(before, tree, touched), tree)) wanted.add(path)
    for (const path of unsourcedFiles(before, tree, touched)) wanted.add(path)
  }
  return [...wanted].sort()
}

/** The file that scripts/Kbuild.include `kbuild-file` would choose, or its fallback. */
function isDirectoryMakefile(path: string): boolean {
  return /^(Kbuild|Makefile)$/.test(baseName(path))
}

function makefilesOf(tree: Tree, directory: string): string[] {
  const entries = tree.list(directory).filter((entry) => entry.kind === 'file')
  return entries.map((entry) => (directory === '' ? entry.name : `${directory}/${entry.name}`)).filter(isMakefile)
}

/** Whether an `include` line ends a word in the name; a computed name is not seen. */
function includes(text: string, name: string): boolean {
  if (!text.includes(name)) return false
  return text.split('\n').some((line) => /^ *[-s]?include\b/.test(line) && line.split(/[\s/]/).includes(name))
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
