/** The makefile of a selftest with tools/testing/selftests/lib.mk (Documentation/dev-tools/kselftest.rst, "Contributing new tests"). */
import type { Conditions } from '../cond/conditions.ts'
import type { Evaluation } from '../make/evaluation.ts'
import type { UnknownWords, Word } from '../make/guarded-words.ts'
import type { Tree } from '../text/tree.ts'
import type { UnknownList } from './directory-lists.ts'
import { rulesOf } from './directory-rules.ts'
import type { DirectoryRules } from './directory-rules.ts'
import { filesOf } from './include-closure.ts'
import type { IncludedFile } from './include-closure.ts'
import { absoluteDirectory, runMake, runScope } from './run-make.ts'
import type { RunOptions } from './run-make.ts'

/** The lists that lib.mk reads. */
export const selftestLists = [
  'TEST_PROGS',
  'TEST_PROGS_EXTENDED',
  'TEST_GEN_PROGS',
  'TEST_GEN_PROGS_EXTENDED',
  'TEST_GEN_FILES',
  'TEST_CUSTOM_PROGS',
  'TEST_FILES',
  'TEST_INCLUDES',
  'TEST_GEN_MODS_DIR',
  'EXTRA_CLEAN',
] as const

export type SelftestList = (typeof selftestLists)[number]

/** A word of a list, without `$(OUTPUT)/` in front. */
export type SelftestWord = Word & {
  /** Whether it is a file of `$(OUTPUT)`: generated, and named there by lib.mk or by the makefile. */
  readonly inOutput: boolean
}

/** A directory of tools/testing/selftests with a makefile, under all configurations at once. */
export type Selftest = {
  /** From the top of the tree. */
  readonly directory: string
  readonly makefile: string
  readonly conditions: Conditions
  readonly evaluation: Evaluation
  /** Whether tools/testing/selftests/lib.mk is included, so that the lists mean something. */
  readonly usesLib: boolean
  /** As they are at the end: where the makefile sets a `TEST_GEN_` list behind lib.mk, it lacks `$(OUTPUT)/`. */
  readonly lists: Readonly<Record<SelftestList, readonly SelftestWord[]>>
  /** Words of lists that are not known at all; what decides on a known word is in its condition. */
  readonly unknown: readonly UnknownList[]
  /** The makefile and what it includes, in the order in which make reads them. */
  readonly files: readonly IncludedFile[]
  /** Of the makefile and of what it includes; `overriddenRecipes` tells which recipes are dropped. */
  readonly rules: DirectoryRules
}

export const selftestsDirectory = 'tools/testing/selftests'
export const selftestLibrary = `${selftestsDirectory}/lib.mk`

/**
 * Evaluates the makefile of a selftest directory as the selftests' top makefile calls it, `make OUTPUT=... -C directory`, with
 * `$(OUTPUT)` being the directory itself. Null where it has no Makefile. What is not said in `options` is not known: `ARCH`, the
 * machine, the tools.
 */
export function evaluateSelftest(tree: Tree, directory: string, options: RunOptions = {}): Selftest | null {
  const scope = runScope(tree, options)
  const path = `${directory}/Makefile`
  const makefile = scope.parsed(path)
  if (makefile === null) return null
  const output = absoluteDirectory(directory)
  const evaluation = runMake(
    scope,
    { path, makefile, directory },
    {
      ...options,
      commandLine: { OUTPUT: output, ...options.commandLine },
      inherited: { MAKELEVEL: '1', ...options.inherited },
    },
  )
  const unknown: UnknownList[] = []
  const prefix = `${options.commandLine?.['OUTPUT'] ?? output}/`
  const read = (list: SelftestList): readonly SelftestWord[] => {
    const words = evaluation.words(list)
    unknown.push(...wholly(words.unknown).map((each) => ({ ...each, list })))
    return words.words.map((word) => withoutOutput(word, prefix))
  }
  const files = filesOf(path, evaluation)
  return {
    directory,
    makefile: path,
    conditions: scope.conditions,
    evaluation,
    usesLib: files.some((file) => file.path === selftestLibrary),
    lists: listsBy(read),
    unknown,
    files,
    rules: rulesOf(scope.conditions, evaluation),
  }
}

/** Without what is only said of words that are listed: that a test decides on them. */
function wholly(unknown: readonly UnknownWords[]): readonly UnknownWords[] {
  return unknown.filter((each) => each.unknown.kind !== 'test')
}

function listsBy(read: (list: SelftestList) => readonly SelftestWord[]): Selftest['lists'] {
  return {
    TEST_PROGS: read('TEST_PROGS'),
    TEST_PROGS_EXTENDED: read('TEST_PROGS_EXTENDED'),
    TEST_GEN_PROGS: read('TEST_GEN_PROGS'),
    TEST_GEN_PROGS_EXTENDED: read('TEST_GEN_PROGS_EXTENDED'),
    TEST_GEN_FILES: read('TEST_GEN_FILES'),
    TEST_CUSTOM_PROGS: read('TEST_CUSTOM_PROGS'),
    TEST_FILES: read('TEST_FILES'),
    TEST_INCLUDES: read('TEST_INCLUDES'),
    TEST_GEN_MODS_DIR: read('TEST_GEN_MODS_DIR'),
    EXTRA_CLEAN: read('EXTRA_CLEAN'),
  }
}

function withoutOutput(word: Word, prefix: string): SelftestWord {
  const inOutput = word.text.startsWith(prefix)
  return { ...word, text: inOutput ? word.text.slice(prefix.length) : word.text, inOutput }
}
