import { listOnce } from '../../src/text/list-once.ts'
import type { Tree } from '../../src/text/tree.ts'

/** Files of a directory that are read in search of an `#include`. */
const maxFiles = 2000

/** How many files are read together, the likely ones first; after these all others. */
const rounds = [4, 32]

export type IncludeSearch = {
  /** Says that these sources will be looked for, so that what is read first for each arrives meanwhile. */
  readonly expect: (sources: readonly string[]) => void
  /** Whether a file of the same directory or of the one above has a source in an `#include`, or a `mod` of Rust's names it. */
  readonly isIncluded: (source: string) => boolean
}

/**
 * What was found to include another source is looked into first (kernel/sched/build_policy.c), then what is called alike (mm/percpu.c for
 * mm/percpu-vm.c), then the directory, and the one above last: most of a directory need not be read.
 */
export function createIncludeSearch(tree: Tree): IncludeSearch {
  const includers = new Set<string>()
  const candidates = (source: string): readonly string[] | null => {
    const own = directoryOf(source)
    const [beside, others] = [sourcesIn(tree, own), own === '' ? [] : sourcesIn(tree, directoryOf(own))]
    if (beside.length + others.length > maxFiles) return null
    const start = own === '' ? 0 : own.length + 1
    const name = source.slice(start)
    const likely = beside
      .filter((file) => file !== source)
      .map((file) => ({ file, likeness: includers.has(file) ? Infinity : commonStart(file.slice(start), name) }))
      .sort((a, b) => b.likeness - a.likeness || (a.file < b.file ? -1 : 1))
      .map(({ file }) => file)
    return [...likely, ...others]
  }
  return {
    expect: (sources) => tree.prefetch(sources.flatMap((source) => candidates(source)?.slice(0, rounds[0]) ?? [])),
    isIncluded: (source) => {
      const files = candidates(source)
      if (files === null) return true
      const includer = firstThat(tree, files, mentionOf(source.slice(source.lastIndexOf('/') + 1)))
      if (includer !== null) includers.add(includer)
      return includer !== null
    },
  }
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function sourcesIn(tree: Tree, directory: string): readonly string[] {
  return listOnce(tree)(directory).flatMap(({ name, kind }) =>
    kind === 'file' && /\.(?:c|h|S|rs|inc)$/.test(name) ? [directory === '' ? name : `${directory}/${name}`] : [],
  )
}

function mentionOf(name: string): (text: string) => boolean {
  const module = name.endsWith('.rs') ? new RegExp(`\\bmod\\s+${name.slice(0, -3)}\\b`) : null
  return (text) => text.includes(`${name}"`) || text.includes(`${name}>`) || module?.test(text) === true
}

function firstThat(tree: Tree, files: readonly string[], matches: (text: string) => boolean): string | null {
  let at = 0
  for (const size of [...rounds, files.length]) {
    const round = files.slice(at, at + size)
    tree.prefetch(round)
    const found = round.find((file) => matches(tree.read(file) ?? ''))
    if (found !== undefined) return found
    at += size
  }
  return null
}

/** How many characters two names begin with alike. */
function commonStart(left: string, right: string): number {
  let length = 0
  while (length < left.length && left.charCodeAt(length) === right.charCodeAt(length)) length++
  return length
}
