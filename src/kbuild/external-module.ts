/** Modules that are built outside of the kernel's own lists (Documentation/kbuild/modules.rst). */
import type { Conditions } from '../cond/conditions.ts'
import type { Evaluation } from '../make/evaluation.ts'
import type { Tree } from '../text/tree.ts'
import { readBuildScripts } from './build-scripts.ts'
import { rulesOf } from './directory-rules.ts'
import type { DirectoryRules } from './directory-rules.ts'
import { directoryLists } from './directory-lists.ts'
import type { DirectoryLists } from './directory-lists.ts'
import { makefileCandidates } from './evaluate-directory.ts'
import { filesOf } from './include-closure.ts'
import type { IncludedFile } from './include-closure.ts'
import { absoluteDirectory, runMake, runScope } from './run-make.ts'
import type { RunOptions, RunScope, Settings } from './run-make.ts'

/** One reading of a makefile. */
export type Reading = {
  readonly makefile: string
  readonly evaluation: Evaluation
  readonly rules: DirectoryRules
  readonly files: readonly IncludedFile[]
}

/** A directory with a module, whose makefile is read twice: by the make that is called in it, and by Kbuild. */
export type ExternalModule = {
  readonly directory: string
  readonly conditions: Conditions
  /** As `make -C directory` reads the Makefile: `KERNELRELEASE` is not set. Null where it has none. */
  readonly wrapper: Reading | null
  /** As scripts/Makefile.build reads the Kbuild, else the Makefile, for `M=directory`: `KERNELRELEASE` is set. */
  readonly kbuild: Reading & { readonly lists: DirectoryLists }
}

/** What Kbuild has set for `M=`: the top Makefile exports these. Makefiles ask whether there is a release, not which. */
function kbuildSettings(directory: string): Settings {
  return { KERNELRELEASE: '6.12.0', KBUILD_EXTMOD: absoluteDirectory(directory), srctree: '.', objtree: '.' }
}

/** Evaluates the makefiles of an external module; null where the directory has none. */
export function evaluateExternalModule(tree: Tree, directory: string, options: RunOptions = {}): ExternalModule | null {
  const scope = runScope(tree, options)
  const [own] = makefileCandidates(directory).filter((path) => scope.parsed(path) !== null)
  const parsed = own === undefined ? null : scope.parsed(own)
  if (own === undefined || parsed === null) return null
  const seeds = readBuildScripts(scope.parsed).seedsFor(absoluteDirectory(directory))
  const evaluation = runMake(
    scope,
    { path: own, makefile: parsed, directory: '' },
    { ...options, exported: seeds, inherited: { ...kbuildSettings(directory), ...options.inherited } },
  )
  const lists = directoryLists(scope.conditions, evaluation)
  return {
    directory,
    conditions: scope.conditions,
    wrapper: wrapperOf(scope, directory, options),
    kbuild: { ...readingOf(scope, own, evaluation), lists },
  }
}

function wrapperOf(scope: RunScope, directory: string, options: RunOptions): Reading | null {
  const path = `${directory}/Makefile`
  const makefile = scope.parsed(path)
  if (makefile === null) return null
  return readingOf(scope, path, runMake(scope, { path, makefile, directory }, options))
}

function readingOf({ conditions }: RunScope, makefile: string, evaluation: Evaluation): Reading {
  return { makefile, evaluation, rules: rulesOf(conditions, evaluation), files: filesOf(makefile, evaluation) }
}

/** How a script of the build is run: for the kernel itself, or for `M=`, where nothing of the kernel is built. */
export type BuildMode = 'kernel' | 'external'

/** A script that is shared by the kernel and external modules, as it is read in one of the modes. */
export type SharedScript = Reading & { readonly conditions: Conditions }

/** The scripts that both the kernel and external modules are built with. */
export const sharedScripts: readonly string[] = [
  'scripts/Makefile.build',
  'scripts/Makefile.modpost',
  'scripts/Makefile.modfinal',
  'scripts/Makefile.modinst',
]

/** Where a module stands that is not in the tree. */
const moduleDirectory = '/module'

/** What the top Makefile exports that these scripts ask for: `KBUILD_BUILTIN` is empty where only modules are built. */
const exportedIn: Readonly<Record<BuildMode, Settings>> = {
  kernel: { KBUILD_EXTMOD: '', KBUILD_BUILTIN: '1', KBUILD_MODULES: '1', MODORDER: 'modules.order' },
  external: {
    ...{ KBUILD_EXTMOD: moduleDirectory, KBUILD_BUILTIN: '', KBUILD_MODULES: '1' },
    ...{ MODORDER: `${moduleDirectory}/modules.order`, extmod_prefix: `${moduleDirectory}/` },
  },
}

/**
 * Evaluates a script such as scripts/Makefile.modfinal in one of the two modes, under all configurations: what its rules need in a
 * mode is among `rules`. Paths are those of make in the kernel's directory, the module's below `/module`. Null where the tree
 * does not have the script.
 */
export function evaluateSharedScript(
  tree: Tree,
  script: string,
  options: RunOptions & { readonly mode: BuildMode },
): SharedScript | null {
  const scope = runScope(tree, options)
  const makefile = scope.parsed(script)
  if (makefile === null) return null
  const { mode, inherited } = options
  const obj = mode === 'external' ? moduleDirectory : '.'
  const evaluation = runMake(
    scope,
    { path: script, makefile, directory: '' },
    { ...options, inherited: { srctree: '.', objtree: '.', obj, ...exportedIn[mode], ...inherited } },
  )
  return { ...readingOf(scope, script, evaluation), conditions: scope.conditions }
}
