/** The makefiles of tools/: a make of its own for each tool, and the Build files that tools/build/Makefile.build reads (tools/build/Documentation/Build.txt). */
import type { Conditions } from '../cond/conditions.ts'
import type { Evaluation } from '../make/evaluation.ts'
import type { Word } from '../make/guarded-words.ts'
import type { Tree } from '../text/tree.ts'
import type { UnknownList } from './directory-lists.ts'
import { filesOf } from './include-closure.ts'
import type { IncludedFile } from './include-closure.ts'
import { normalise } from './parsed-files.ts'
import { absoluteDirectory, kernelRoot, runMake, runScope } from './run-make.ts'
import type { RunOptions } from './run-make.ts'

/** What scripts of tools/ are to Kbuild: scripts/Makefile.build, for a Build file. */
export const toolsBuildScript = 'tools/build/Makefile.build'

/** A makefile that a make of its own reads in its directory, with all that it includes. */
export type Tool = {
  readonly directory: string
  readonly makefile: string
  readonly conditions: Conditions
  readonly evaluation: Evaluation
  readonly files: readonly IncludedFile[]
}

/** Evaluates a makefile as `make -C directory -f makefile` by hand reads it; null where it is not there. */
export function evaluateTool(tree: Tree, makefile: string, options: RunOptions = {}): Tool | null {
  const scope = runScope(tree, options)
  const parsed = scope.parsed(makefile)
  if (parsed === null) return null
  const directory = directoryOf(makefile)
  const evaluation = runMake(scope, { path: makefile, makefile: parsed, directory }, options)
  return { directory, makefile, conditions: scope.conditions, evaluation, files: filesOf(makefile, evaluation) }
}

/** A Build file. */
export type ToolsBuild = {
  readonly directory: string
  readonly makefile: string
  readonly conditions: Conditions
  /** Of tools/build/Makefile.build with the Build file in it. */
  readonly evaluation: Evaluation
  readonly files: readonly IncludedFile[]
  /** By name, such as `perf` for `perf-y`: what is linked into that object, relative to the directory; what ends in `/` is a directory. */
  readonly objects: ReadonlyMap<string, readonly Word[]>
  readonly unknown: readonly UnknownList[]
}

/**
 * Evaluates the Build file of a directory. make runs in the nearest directory above with a Makefile, the tool's own, which exports
 * what is not in sight here: `perf-$(CONFIG_X)` is known, `$(SRCARCH)` is not. Null where there is no Build file.
 */
export function evaluateToolsBuild(tree: Tree, directory: string, options: RunOptions = {}): ToolsBuild | null {
  const scope = runScope(tree, options)
  const makefile = `${directory}/Build`
  const build = scope.parsed(makefile)
  if (build === null) return null
  const tool = toolOf(tree, directory)
  const script = scope.parsed(toolsBuildScript)
  const path = script === null ? makefile : toolsBuildScript
  const dir = directory === tool ? '.' : directory.slice(tool.length + 1)
  const evaluation = runMake(
    scope,
    { path, makefile: script ?? build, directory: tool },
    { ...options, seeds: { srctree: kernelRoot, CURDIR: absoluteDirectory(tool), dir, OUTPUT: '', ...options.seeds } },
  )
  const unknown: UnknownList[] = []
  const objects = new Map<string, readonly Word[]>()
  for (const list of listsOf(evaluation, makefile)) {
    const words = evaluation.words(`${list}-y`)
    objects.set(list, words.words)
    unknown.push(...words.unknown.map((each) => ({ ...each, list: `${list}-y` })))
  }
  const files = filesOf(path, evaluation)
  return { directory, makefile, conditions: scope.conditions, evaluation, files, objects, unknown }
}

/** The lists that a Build file adds to, without `-y`. */
function listsOf({ settings }: Evaluation, makefile: string): readonly string[] {
  const own = settings.filter(({ span, name }) => span.file === makefile && name.endsWith('-y'))
  return [...new Set(own.map(({ name }) => name.slice(0, -'-y'.length)))]
}

/** The nearest directory, from this one up, with a Makefile: the tool that a Build file belongs to. */
function toolOf(tree: Tree, directory: string): string {
  const parts = directory.split('/')
  for (let length = parts.length; length > 1; length--) {
    const above = parts.slice(0, length).join('/')
    if (tree.list(above).some(({ name }) => name === 'Makefile')) return above
  }
  return directory
}

/** The directory of a path; '' at the top. */
export function directoryOf(path: string): string {
  return normalise(path.slice(0, Math.max(0, path.lastIndexOf('/'))))
}
