/** What is known of the makefiles of a tree by what make reads with them: selftests, tools, scripts, directories of the kernel. */
import { DiagramTooLarge } from '../cond/bdd.ts'
import { cleanPatterns, cleanScope, evaluateCleaned, type Cleaned, type CleanPattern } from '../kbuild/clean-mode.ts'
import { evaluateSharedScript, type BuildMode, type SharedScript } from '../kbuild/external-module.ts'
import { includesOf, indexIncludes, type IncludeIndex } from '../kbuild/include-index.ts'
import { createClosures, roleOf, type MakeClosure } from '../kbuild/make-closure.ts'
import { parseOnce, type ParseBlob } from '../kbuild/parsed-files.ts'
import { evaluateSelftest, type Selftest } from '../kbuild/selftest-directory.ts'
import { selftestTargets, type SelftestTargets } from '../kbuild/selftest-targets.ts'
import { usualArch } from '../kbuild/source-arch.ts'
import type { Tree } from '../text/tree.ts'
import { isMakefile } from './world.ts'

/** Each answer is worked out when it is first asked for, and kept. */
export type Closures = {
  /** What a makefile is read with, and what is defined there; null for a fragment, and where that is too large to know. */
  readonly of: (makefile: string) => MakeClosure | null
  /**
   * The makefiles that make is started with and that read this one: itself, unless it is a fragment, else those with a role among its
   * includers, sorted.
   */
  readonly readers: (makefile: string) => readonly string[]
  /** The makefiles with a role that include this one, themselves or through others, sorted. */
  readonly includers: (makefile: string) => readonly string[]
  /** A directory of tools/testing/selftests; null where it has no Makefile, or one that is too large to know. */
  readonly selftest: (directory: string) => Selftest | null
  /** What `make clean` removes in a directory of the kernel; null where it has no makefile, or one that is too large to know. */
  readonly cleaned: (arch: string, directory: string) => Cleaned | null
  /** What `make clean` removes in all directories; empty where that is not known. */
  readonly cleanPatterns: () => readonly CleanPattern[]
  /** A script such as scripts/Makefile.modfinal in one of its modes; null where there is none, or one that is too large to know. */
  readonly sharedScript: (script: string, mode: BuildMode) => SharedScript | null
  /** What tools/testing/selftests/Makefile lists; null where there is none. */
  readonly selftestTargets: () => SelftestTargets | null
}

/** What is known of a tree that differs from another in these paths alone. */
export type EarlierClosures = { readonly closures: Closures; readonly tree: Tree; readonly touched: readonly string[] }

/** The closures of a tree; conditions of two of them are not to be compared. Of a tree before it, what still holds is taken over. */
export function createTreeClosures(tree: Tree, parse?: ParseBlob, earlier: EarlierClosures | null = null): Closures {
  const parsed = parseOnce(tree, parse)
  const selftest = remembered((directory: string) =>
    unlessTooLarge(() => evaluateSelftest(tree, directory, { parsed })),
  )
  const ofKbuild = createClosures(tree, { parsed })
  const indexOf = remembered((top: string): IncludeIndex =>
    indexIncludes(tree, makefilesBelow(tree, top === '' ? topDirectories(tree) : [top]), parsed),
  )
  const isIncludedAlike = remembered(() => earlier !== null && includesSame(earlier, tree, parse))
  const includers = remembered((makefile: string): readonly string[] => {
    if (earlier !== null && isIncludedAlike('')) return earlier.closures.includers(makefile)
    return indexOf(makefile.startsWith('tools/') ? 'tools' : '')
      .includersOf(makefile)
      .filter((path) => roleOf(path) !== null)
  })
  const scopes = remembered((arch: string) => unlessTooLarge(() => cleanScope(tree, arch, { parsed })))
  const cleanedIn = remembered((arch: string) =>
    remembered((directory: string): Cleaned | null => {
      const scope = scopes(arch)
      return scope === null ? null : unlessTooLarge(() => evaluateCleaned(scope, directory))
    }),
  )
  const targets = remembered(() => unlessTooLarge(() => selftestTargets(tree, { parsed })))
  const scriptIn = remembered((mode: string) =>
    remembered((script: string) =>
      unlessTooLarge(() =>
        evaluateSharedScript(tree, script, { parsed, mode: mode === 'external' ? 'external' : 'kernel' }),
      ),
    ),
  )
  return {
    sharedScript: (script, mode) => scriptIn(mode)(script),
    of: remembered((makefile) =>
      unlessTooLarge(() => {
        const isShared = roleOf(makefile) === 'kbuild'
        return (isShared ? ofKbuild : createClosures(tree, { parsed, selftest }))(makefile)
      }),
    ),
    readers: (makefile) => (roleOf(makefile) === null ? includers(makefile) : [makefile]),
    includers,
    selftest,
    cleaned: (arch, directory) => cleanedIn(arch)(directory),
    cleanPatterns: () => {
      const scope = scopes(usualArch)
      return scope === null ? [] : cleanPatterns(scope)
    },
    selftestTargets: () => targets(''),
  }
}

/** Whether two trees have the same makefiles, and those that are not the same have the same `include` lines. */
function includesSame({ tree: before, touched }: EarlierClosures, after: Tree, parse?: ParseBlob): boolean {
  const [old, young] = [parseOnce(before, parse), parseOnce(after, parse)]
  return touched.filter(isMakefile).every((path) => {
    const isInBoth = before.blob(path) !== null && after.blob(path) !== null
    return isInBoth && includesOf(before, path, old) === includesOf(after, path, young)
  })
}

/** What is below tools/ is read from there alone. */
function topDirectories(tree: Tree): readonly string[] {
  return tree.list('').flatMap(({ name, kind }) => (kind === 'directory' && name !== 'tools' ? [name] : []))
}

function makefilesBelow(tree: Tree, directories: readonly string[]): readonly string[] {
  const found: string[] = []
  const waiting = [...directories]
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    for (const { name, kind } of tree.list(directory)) {
      const path = `${directory}/${name}`
      if (kind === 'directory') waiting.push(path)
      else if (kind === 'file' && isMakefile(path)) found.push(path)
    }
  }
  tree.prefetch(found)
  return found.sort()
}

function remembered<T>(work: (key: string) => T): (key: string) => T {
  const kept = new Map<string, { readonly value: T }>()
  return (key) => {
    const found = kept.get(key) ?? { value: work(key) }
    kept.set(key, found)
    return found.value
  }
}

/** The result of some work with conditions; null where they grow beyond what a diagram holds. */
function unlessTooLarge<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof DiagramTooLarge) return null
    throw error
  }
}
