/** What an evaluation has looked at, so that it need not be done again while that stays the same. */
import type { SeedLookup, Seeds } from '../make/initial-variables.ts'
import type { Value } from '../make/value.ts'
import { listOnce } from '../text/list-once.ts'
import type { Tree } from '../text/tree.ts'
import { normalise } from './parsed-files.ts'
import type { ParsedMakefile } from './parsed-files.ts'

export type Dependencies = {
  /** Files that were read, or found missing. */
  readonly files: Set<string>
  /** Directories that were listed. */
  readonly directories: Set<string>
  /** Exported variables that were asked for. */
  readonly variables: Set<string>
}

/** The ways to the outside that an evaluation has, each noting what is asked. */
export type Watched = {
  readonly dependencies: Dependencies
  readonly tree: Tree
  readonly include: ParsedMakefile
  readonly inherited: SeedLookup
}

export function watch(tree: Tree, parsed: ParsedMakefile, exported: Seeds): Watched {
  const dependencies: Dependencies = { files: new Set(), directories: new Set(), variables: new Set() }
  const { files, directories, variables } = dependencies
  return {
    dependencies,
    tree: {
      ...tree,
      read: (path) => {
        files.add(path)
        return tree.read(path)
      },
      list: (directory) => {
        directories.add(directory)
        return listOnce(tree)(directory)
      },
    },
    include: (path) => {
      files.add(normalise(path))
      return parsed(path)
    },
    inherited: {
      get: (name: string): Value | undefined => {
        variables.add(name)
        return exported.get(name)
      },
      has: (name) => exported.has(name),
      keys: () => exported.keys(),
    },
  }
}

/** The files in which two trees differ, and the directories whose entries may be others. */
export type ChangedPaths = { readonly files: ReadonlySet<string>; readonly directories: ReadonlySet<string> }

/** What differs where these paths do. A file that is in both trees leaves the listings of its directories as they were. */
export function changedPaths(paths: Iterable<string>, before: Tree, after: Tree): ChangedPaths {
  const files = new Set(paths)
  const moved = [...files].filter((path) => before.blob(path) === null || after.blob(path) === null)
  return { files, directories: new Set(moved.flatMap(directoriesAbove)) }
}

function directoriesAbove(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.map((_, index) => parts.slice(0, index).join('/'))
}

/** Whether nothing that was looked at in the tree is among what has changed. */
export function isUntouched({ files, directories }: Dependencies, changed: ChangedPaths): boolean {
  return files.isDisjointFrom(changed.files) && directories.isDisjointFrom(changed.directories)
}

/**
 * The names that are not the same in two sets of variables, each pair of which is compared once: most directories find the same
 * exported. All values belong to the same conditions.
 */
export function createComparison(): (left: Seeds, right: Seeds) => ReadonlySet<string> {
  const known = new Map<Seeds, Map<Seeds, ReadonlySet<string>>>()
  return (left, right) => {
    const beside = known.get(left) ?? new Map<Seeds, ReadonlySet<string>>()
    known.set(left, beside)
    const names = beside.get(right) ?? differingNames(left, right)
    beside.set(right, names)
    return names
  }
}

function differingNames(left: Seeds, right: Seeds): ReadonlySet<string> {
  const names = new Set([...left.keys(), ...right.keys()])
  return new Set([...names].filter((name) => !isSameValue(left.get(name), right.get(name))))
}

/** Whether two values are the same everywhere, wherever they are written. Both belong to the same conditions. */
export function isSameValue(left: Value | undefined, right: Value | undefined): boolean {
  return left === right || (left !== undefined && right !== undefined && signature(left) === signature(right))
}

const positions: ReadonlySet<string> = new Set(['origin', 'site'])

function signature(value: Value): string {
  return JSON.stringify(value, (key, part: unknown) => (positions.has(key) ? undefined : part))
}
