/** What an evaluation has looked at, so that it need not be done again while that stays the same. */
import type { Makefile } from '../make/cst.ts'
import type { SeedLookup, Seeds } from '../make/initial-variables.ts'
import { mayHaveEffects, noteReads } from '../make/reads.ts'
import type { Reads } from '../make/reads.ts'
import type { Item, Unknown, Value } from '../make/value.ts'
import { listOnce } from '../text/list-once.ts'
import type { Tree } from '../text/tree.ts'
import { normalise } from './parsed-files.ts'
import type { ParsedMakefile } from './parsed-files.ts'

export type Dependencies = {
  /** Files that were read, or found missing. */
  readonly files: Set<string>
  /** Directories that were listed. */
  readonly directories: Set<string>
  /** Variables looked for among those exported that lists and statements may hang on. */
  readonly variables: Set<string>
  /** Those looked for besides: they are handed on to other variables alone, such as flags, or were asked for later. */
  readonly others: Set<string>
}

/** The ways to the outside that an evaluation has, each noting what is asked. */
export type Watched = {
  readonly dependencies: Dependencies
  readonly tree: Tree
  readonly include: ParsedMakefile
  readonly inherited: SeedLookup
  readonly reads: Reads
  /** All is made that is to be kept: nothing of it hangs on what is asked for from now on. */
  readonly seal: () => void
}

export function watch(tree: Tree, parsed: ParsedMakefile, exported: Seeds): Watched {
  const [files, directories] = [new Set<string>(), new Set<string>()]
  const [variables, others] = [new Set<string>(), new Set<string>()]
  const makefiles: Makefile[] = []
  const reads = noteReads()
  let asked = variables
  return {
    dependencies: { files, directories, variables, others },
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
      const makefile = parsed(path)
      if (makefile !== null) makefiles.push(makefile)
      return makefile
    },
    inherited: {
      get: (name: string): Value | undefined => {
        asked.add(name)
        return exported.get(name)
      },
      has: (name) => exported.has(name),
      keys: () => exported.keys(),
    },
    reads,
    seal: () => {
      asked = others
      const isDecisive = reads.conclude()
      // None that another architecture alone exports: those are few, and most names are asked for in vain.
      const handedOn = [...variables].filter((name) => exported.has(name) && !isDecisive(name))
      if (handedOn.length === 0 || makefiles.some(mayHaveEffects)) return
      for (const name of handedOn) if (variables.delete(name)) others.add(name)
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
  if (changed.files.size === 0) return true
  return files.isDisjointFrom(changed.files) && directories.isDisjointFrom(changed.directories)
}

/**
 * The names that are not the same in two sets of variables, each pair of which is compared once: most directories find the same
 * exported. All values belong to the same conditions.
 */
export function createComparison(): (left: Seeds, right: Seeds) => ReadonlySet<string> {
  const known = new Map<Seeds, Map<Seeds, ReadonlySet<string>>>()
  return (left, right) => {
    const found = known.get(left)?.get(right)
    if (found !== undefined) return found
    const names = differingNames(left, right)
    known.set(left, (known.get(left) ?? new Map<Seeds, ReadonlySet<string>>()).set(right, names))
    return names
  }
}

function differingNames(left: Seeds, right: Seeds): ReadonlySet<string> {
  const names = new Set([...left.keys(), ...right.keys()])
  return new Set([...names].filter((name) => !isSameValue(left.get(name), right.get(name))))
}

/** How many values are compared for two; with more they count as different, for values that hold one another twice have no end. */
const maxCompared = 50_000

/** How deep values may hold others to be compared. */
const maxDepth = 500

/** Whether two values are the same everywhere, wherever they are written. Both belong to the same conditions. */
export function isSameValue(left: Value | undefined, right: Value | undefined): boolean {
  let compared = 0
  const isSame = (one: Value | undefined, other: Value | undefined, depth: number): boolean => {
    if (one === other) return true
    if (++compared > maxCompared || depth > maxDepth) return false
    switch (one?.kind) {
      case undefined:
        return false
      case 'text':
        return other?.kind === 'text' && one.text === other.text
      case 'concat':
        return (
          other?.kind === 'concat' && isSameRow(one.items, other.items, (a, b) => isSame(a.value, b.value, depth + 1))
        )
      case 'list':
        return (
          other?.kind === 'list' &&
          isSameRow(one.items, other.items, (a, b) => isSameItem(a, b) && isSame(a.value, b.value, depth + 1))
        )
      case 'choice':
        return (
          other?.kind === 'choice' &&
          isSameRow(one.options, other.options, (a, b) => a.when === b.when && isSame(a.value, b.value, depth + 1))
        )
      case 'unknown':
        return other?.kind === 'unknown' && isSameUnknown(one.unknown, other.unknown)
    }
  }
  return isSame(left, right, 0)
}

function isSameRow<Each>(
  left: readonly Each[],
  right: readonly Each[],
  isSame: (one: Each, other: Each) => boolean,
): boolean {
  return (
    left.length === right.length &&
    left.every((one, index) => {
      const other = right[index]
      return other !== undefined && isSame(one, other)
    })
  )
}

const isSameItem = (one: Item, other: Item): boolean => one.when === other.when && one.counts === other.counts

function isSameUnknown(left: Unknown, right: Unknown): boolean {
  return left.kind === right.kind && left.key === right.key && left.reason === right.reason
}
