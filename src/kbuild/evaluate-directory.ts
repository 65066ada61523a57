import type { Conditions } from '../cond/conditions.ts'
import type { Makefile } from '../make/cst.ts'
import { evaluateMakefile } from '../make/evaluate.ts'
import type { Evaluation } from '../make/evaluation.ts'
import { externalVariable } from '../make/external-variables.ts'
import type { Seeds, SymbolText } from '../make/initial-variables.ts'
import type { Tree } from '../text/tree.ts'
import type { BuildScripts } from './build-scripts.ts'
import { watch } from './dependencies.ts'
import type { Dependencies } from './dependencies.ts'
import { directoryLists } from './directory-lists.ts'
import type { DirectoryLists } from './directory-lists.ts'
import { normalise } from './parsed-files.ts'
import type { ParsedMakefile } from './parsed-files.ts'
import { exportedValues } from './top-makefile.ts'

/** A directory by itself: what its makefile says, whoever descends into it. */
export type DirectoryParts = {
  /** Its Kbuild, else its Makefile; null where it has neither, and then there is nothing else. */
  readonly makefile: string | null
  readonly evaluation: Evaluation | null
  readonly lists: DirectoryLists
  /** What it exports itself, for the makefiles below. */
  readonly exported: Seeds
  /** What it was evaluated with. */
  readonly inherited: Seeds
  readonly dependencies: Dependencies
  /** Taken over from where other things were exported: `dependencies` are those of its lists, and do not tell of what is asked for besides. */
  readonly isTakenOver?: boolean
}

/** What all directories of a tree are evaluated with. */
export type DirectoryScope = {
  readonly tree: Tree
  readonly conditions: Conditions
  readonly parsed: ParsedMakefile
  readonly scripts: BuildScripts
  readonly symbolText: SymbolText
}

/** The names that `kbuild-file` tries, in its order (scripts/Kbuild.include; scripts/Makefile.build before 6.8). */
const makefileNames = ['Kbuild', 'Makefile']

/** Where the makefile of a directory can be. */
export function makefileCandidates(path: string): readonly string[] {
  return makefileNames.map((name) => normalise(`${path}/${name}`))
}

/** Evaluates the makefile of a directory as scripts/Makefile.build includes it. */
export function evaluateDirectory(scope: DirectoryScope, path: string, exported: Seeds): DirectoryParts {
  const { dependencies, tree, include, inherited, reads, seal } = watch(scope.tree, scope.parsed, exported)
  const found = firstMakefile(include, path)
  const common = { inherited: exported, dependencies }
  if (found === null) return { makefile: null, evaluation: null, lists: noLists, exported: nothing, ...common }
  const { conditions, scripts, symbolText } = scope
  const evaluation = evaluateMakefile(found.makefile, {
    conditions,
    file: found.path,
    tree,
    symbolText,
    include,
    seeds: scripts.lookupFor(path),
    inherited,
    reads,
    externalReason: (name) => (setByCaller.has(name) ? externalVariable(name) : null),
  })
  const lists = directoryLists(conditions, evaluation)
  const own = evaluation.exports.length === 0 ? nothing : exportedValues(conditions, evaluation)
  seal()
  return { makefile: found.path, evaluation, lists, exported: own, ...common }
}

function firstMakefile(
  include: ParsedMakefile,
  directory: string,
): { readonly path: string; readonly makefile: Makefile } | null {
  for (const path of makefileCandidates(directory)) {
    const makefile = include(path)
    if (makefile !== null) return { path, makefile }
  }
  return null
}

const nothing: Seeds = new Map()

/** What scripts/Makefile.build is called with, or sets for each target. */
const setByCaller: ReadonlySet<string> = new Set(['need-builtin', 'need-modorder', 'modname', 'modname-multi'])

const noLists: DirectoryLists = {
  builtin: [],
  module: [],
  library: [],
  subdirectories: [],
  always: [],
  extra: [],
  hostPrograms: [],
  userPrograms: [],
  composites: new Map(),
  unknown: [],
}
