import type { Conditions } from '../cond/conditions.ts'
import type { Evaluation } from '../make/evaluation.ts'
import type { UnknownWords, Word } from '../make/guarded-words.ts'
import type { Tree } from '../text/tree.ts'
import { normalise } from './parsed-files.ts'
import { runMake, runScope } from './run-make.ts'
import type { RunOptions } from './run-make.ts'
import { selftestsDirectory } from './selftest-directory.ts'

/** A directory that the selftests' top makefile goes to. */
export type SelftestTarget = Word & {
  /** From the top of the tree. */
  readonly directory: string
  /** `SKIP_TARGETS` holds it unless people say otherwise (bpf, sched_ext). */
  readonly isSkipped: boolean
  readonly there: 'makefile' | 'directory' | 'missing'
}

export type SelftestTargets = {
  readonly makefile: string
  readonly conditions: Conditions
  readonly evaluation: Evaluation
  /** `TARGETS` with those that are skipped by default, in the order of the list. */
  readonly targets: readonly SelftestTarget[]
  readonly unknown: readonly UnknownWords[]
  /** What `TARGETS_HOTPLUG` and `INSTALL_DEP_TARGETS` name besides. */
  readonly others: readonly SelftestTarget[]
}

/** The tests that tools/testing/selftests/Makefile knows; null where the tree has none. */
export function selftestTargets(tree: Tree, options: RunOptions = {}): SelftestTargets | null {
  const scope = runScope(tree, options)
  const path = `${selftestsDirectory}/Makefile`
  const makefile = scope.parsed(path)
  if (makefile === null) return null
  const start = { path, makefile, directory: selftestsDirectory }
  const evaluation = runMake(scope, start, {
    ...options,
    commandLine: { SKIP_TARGETS: '', ...options.commandLine },
  })
  const skipped = new Set(
    runMake(scope, start, options)
      .words('SKIP_TARGETS')
      .words.map(({ text }) => text),
  )
  const { words, unknown } = evaluation.words('TARGETS')
  const describe = (word: Word): SelftestTarget => {
    const directory = normalise(`${selftestsDirectory}/${word.text}`)
    return { ...word, directory, isSkipped: skipped.has(word.text), there: whatIsAt(tree, directory) }
  }
  const others = ['TARGETS_HOTPLUG', 'INSTALL_DEP_TARGETS'].flatMap((name) => evaluation.words(name).words)
  return {
    makefile: path,
    conditions: scope.conditions,
    evaluation,
    targets: words.map(describe),
    unknown,
    others: others.map(describe),
  }
}

function whatIsAt(tree: Tree, directory: string): SelftestTarget['there'] {
  const entries = tree.list(directory)
  if (entries.some(({ name }) => name === 'Makefile')) return 'makefile'
  return entries.length > 0 ? 'directory' : 'missing'
}
