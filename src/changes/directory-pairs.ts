/** The directories that differ between two models, each as it was and as it is. */
import type { Directory, KernelModel } from '../kbuild/kernel-model.ts'
import { loneDirectory } from '../kbuild/lone-directory.ts'

/** A directory of two trees; null where make does not come to it, and no makefile of it was touched. */
export type DirectoryPair = {
  readonly path: string
  readonly old: Directory | null
  readonly young: Directory | null
  /** Whether no list of the model leads there. */
  readonly isLone: boolean
}

/** Two models that share their conditions, and the directories in which they differ, by path. */
export type ModelPair = {
  readonly before: KernelModel
  readonly after: KernelModel
  readonly touched: readonly string[]
  readonly pairs: readonly DirectoryPair[]
}

/**
 * The directories whose makefiles come to something else, or may. Those that the models do not reach are evaluated here where
 * a touched file is their makefile: the directories of other architectures, and those that are entered by a rule
 * (`$(MAKE) $(build)=arch/x86/boot`). Nobody knows when make comes to these: they count as reached.
 */
export function pairDirectories(before: KernelModel, after: KernelModel, touched: readonly string[]): ModelPair {
  const paths = new Set([...before.directories.keys(), ...after.directories.keys()])
  const pairs: DirectoryPair[] = [...paths]
    .filter((path) => before.parts.get(path) !== after.parts.get(path))
    .map((path) => ({
      path,
      old: before.directories.get(path) ?? null,
      young: after.directories.get(path) ?? null,
      isLone: false,
    }))
  const aside = [...new Set(touched.flatMap((file) => directoryOf(file) ?? []))].filter((path) => !paths.has(path))
  for (const path of aside)
    pairs.push({ path, old: loneDirectory(before, path), young: loneDirectory(after, path), isLone: true })
  return { before, after, touched, pairs: pairs.sort((left, right) => (left.path < right.path ? -1 : 1)) }
}

/** The directory whose makefile a file is; null for what other makefiles include, and for the top Makefile. */
function directoryOf(file: string): string | null {
  const slash = file.lastIndexOf('/')
  const name = file.slice(slash + 1)
  return slash > 0 && (name === 'Makefile' || name === 'Kbuild') ? file.slice(0, slash) : null
}
