/** For any makefile that make is started with: everything that is read with it, and everything that is defined there. */
import { never } from '../cond/conditions.ts'
import type { Conditions } from '../cond/conditions.ts'
import type { Makefile } from '../make/cst.ts'
import type { Evaluation } from '../make/evaluation.ts'
import { literalText } from '../make/expr-text.ts'
import type { Seeds } from '../make/initial-variables.ts'
import { visitNodes } from '../make/visit.ts'
import { oncePer } from '../text/once-per.ts'
import type { Tree } from '../text/tree.ts'
import { readBuildScripts } from './build-scripts.ts'
import { filesOf } from './include-closure.ts'
import type { IncludedFile } from './include-closure.ts'
import type { ParsedMakefile } from './parsed-files.ts'
import { kernelRoot, runMake, runScope } from './run-make.ts'
import type { RunOptions, RunScope } from './run-make.ts'
import { evaluateSelftest, selftestsDirectory } from './selftest-directory.ts'
import type { Selftest } from './selftest-directory.ts'
import { directoryOf, evaluateTool, evaluateToolsBuild } from './tools-world.ts'

/** What a makefile is read as. */
export type MakeRole =
  /** By scripts/Makefile.build, for a directory of the kernel or of a module. */
  | 'kbuild'
  /** By a make of its own, in its directory, with the rules of selftests. */
  | 'selftest'
  /** By a make of its own, in its directory. */
  | 'tool'
  /** By tools/build/Makefile.build. */
  | 'tools build'
  /** By make in the top directory: scripts/Makefile.modpost. */
  | 'script'

export type MakeClosure = {
  readonly role: MakeRole
  /** The makefile that was asked for. */
  readonly makefile: string
  readonly conditions: Conditions
  /** Of the makefile, or of the one that make is started with where that includes it (`tools build`). */
  readonly evaluation: Evaluation
  /** In the order in which make reads them; for `kbuild` the scripts first. */
  readonly files: readonly IncludedFile[]
  /** Whether a makefile of these defines a variable: under any condition, or in a branch that is not taken here; or it comes from outside. */
  readonly isDefined: (name: string) => boolean
  /** Whether some statement or file, not known, may define it: a name that is computed, a file that is generated. */
  readonly mayBeDefined: (name: string) => boolean
}

/**
 * Gives the closure of any makefile of a tree, evaluated in the role that its place gives it; what all makefiles of Kbuild share is
 * evaluated once, when it is first asked for. Null for a path that is not there, and for one that is read by others alone
 * (`lib.mk`, `Makefile.include`). A file called Makefile that others include as well (tools/perf/arch/x86/Makefile) has a role, and
 * is to be looked at through those that `indexIncludes` names. The top Makefile is none of these; its evaluation is the model's.
 * `selftest` gives what is known of the directory of a selftest already.
 */
export function createClosures(
  tree: Tree,
  options: RunOptions & { readonly selftest?: (directory: string) => Selftest | null } = {},
): (path: string) => MakeClosure | null {
  const scope = runScope(tree, options)
  const shared = { ...options, ...scope }
  const selftest = options.selftest ?? ((directory: string) => evaluateSelftest(tree, directory, shared))
  const assigned = createAssignedNames(scope.parsed)
  let known: Engine | null = null
  const engine = (): Engine => (known ??= evaluateEngine(scope, assigned, options))
  return (path) => {
    const role = roleOf(path)
    if (role === null || scope.parsed(path) === null) return null
    switch (role) {
      case 'selftest':
        return closureOf({ role, makefile: path, assigned }, selftest(directoryOf(path)))
      case 'tool':
        return closureOf({ role, makefile: path, assigned }, evaluateTool(tree, path, shared))
      case 'tools build':
        return closureOf({ role, makefile: path, assigned }, evaluateToolsBuild(tree, directoryOf(path), shared))
      case 'script':
        return closureOf({ role, makefile: path, assigned }, evaluateAtTop(scope, path, shared))
      case 'kbuild':
        return kbuildClosure(
          engine(),
          path,
          evaluateAtTop(scope, path, { ...shared, exported: engine().seedsFor(path) }),
        )
    }
  }
}

/** How the place and name of a makefile say that it is read; null for a fragment, and for what no make of a kernel reads. */
export function roleOf(path: string): MakeRole | null {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (
    /^scripts\/Makefile\.(?:build|clean|modpost|modfinal|modinst|vmlinux|vmlinux_o|package|asm-headers|headersinst)$/.test(
      path,
    )
  ) {
    return 'script'
  }
  if (path === 'Makefile' || /^arch\/[^/]+\/Makefile$/.test(path)) return null
  if (name === 'Kbuild') return 'kbuild'
  if (path.startsWith(`${selftestsDirectory}/`)) return name === 'Makefile' ? 'selftest' : null
  if (path.startsWith('tools/'))
    return name === 'Build' ? 'tools build' : /^Makefile(?:\.perf)?$/.test(name) ? 'tool' : null
  return name === 'Makefile' ? 'kbuild' : null
}

type Evaluated = Pick<MakeClosure, 'conditions' | 'evaluation' | 'files'>

/** What scripts/Makefile.build and the makefiles that it includes have, for a directory without a makefile. */
type Engine = {
  readonly closure: MakeClosure | null
  readonly seedsFor: (path: string) => Seeds
  readonly exported: ReadonlySet<string>
  readonly assigned: AssignedNames
}

/** A directory that no kernel has. */
const placeholder = '<obj>'

function evaluateEngine(scope: RunScope, assigned: AssignedNames, options: RunOptions): Engine {
  const scripts = readBuildScripts(scope.parsed)
  const isHere = scope.parsed(buildScript) !== null
  const seeds = { obj: placeholder, hostprogs: '<host>', userprogs: '<user>', 'need-dtbslist': '1', VPATH: '' }
  const evaluated = isHere ? evaluateAtTop(scope, buildScript, { ...options, seeds }) : null
  return {
    closure: closureOf({ role: 'script', makefile: buildScript, assigned }, evaluated),
    seedsFor: (path) => scripts.seedsFor(directoryOf(path) === '' ? '.' : directoryOf(path)),
    exported: new Set(options.exported?.keys() ?? []),
    assigned,
  }
}

const buildScript = 'scripts/Makefile.build'

function evaluateAtTop(scope: RunScope, path: string, options: RunOptions): Evaluated | null {
  const makefile = scope.parsed(path)
  if (makefile === null) return null
  const evaluation = runMake(
    scope,
    { path, makefile, directory: '' },
    {
      ...options,
      inherited: {
        srctree: '.',
        objtree: '.',
        srcroot: '.',
        abs_srctree: kernelRoot,
        KBUILD_EXTMOD: '',
        ...options.inherited,
      },
    },
  )
  return { conditions: scope.conditions, evaluation, files: filesOf(path, evaluation) }
}

/** A makefile with what is around it; the files of the scripts come first, as most of them are read before it. */
function kbuildClosure(
  { closure, exported, assigned }: Engine,
  path: string,
  evaluated: Evaluated | null,
): MakeClosure | null {
  const own = closureOf({ role: 'kbuild', makefile: path, assigned }, evaluated)
  if (own === null) return null
  const around = closure?.files.filter(({ path: each }) => !each.includes(placeholder)) ?? []
  return {
    ...own,
    files: [...around, ...own.files],
    isDefined: (name) => own.isDefined(name) || exported.has(name) || closure?.isDefined(name) === true,
    mayBeDefined: (name) => own.mayBeDefined(name) || exported.has(name) || closure?.isDefined(name) === true,
  }
}

function closureOf(
  { role, makefile, assigned }: Pick<MakeClosure, 'role' | 'makefile'> & { readonly assigned: AssignedNames },
  evaluated: Evaluated | null,
): MakeClosure | null {
  if (evaluated === null) return null
  const { conditions, evaluation, files } = evaluated
  const read = new Set(files.filter(({ there }) => there === 'read').map(({ path }) => path))
  const isDefined = (name: string): boolean =>
    evaluation.defined(name) !== never || [...read].some((path) => assigned(path).has(name))
  return {
    role,
    makefile,
    conditions,
    evaluation,
    files,
    isDefined,
    mayBeDefined: (name) =>
      isDefined(name) ||
      files.some(({ there, optional }) => there !== 'read' && !optional) ||
      evaluation.unknownEffects.some(({ names }) => names !== null && fits(names, name)),
  }
}

function fits({ prefix, suffix }: { readonly prefix: string; readonly suffix: string }, name: string): boolean {
  return name.length >= prefix.length + suffix.length && name.startsWith(prefix) && name.endsWith(suffix)
}

/** The names that a makefile assigns as they are written, in any of its branches. */
type AssignedNames = (path: string) => ReadonlySet<string>

function createAssignedNames(parsed: ParsedMakefile): AssignedNames {
  return (path) => {
    const makefile = parsed(path)
    return makefile === null ? noNames : namesAssignedIn(makefile)
  }
}

const noNames: ReadonlySet<string> = new Set()

/** Of lib.mk and its like all makefiles that include them ask. */
const namesAssignedIn = oncePer((makefile: Makefile): ReadonlySet<string> => new Set(assignedIn(makefile)))

function* assignedIn({ text, nodes }: Makefile): Generator<string> {
  for (const { node } of visitNodes(nodes)) {
    if (node.kind !== 'assignment' && node.kind !== 'define') continue
    const name = literalText(text, node.name)
    if (name !== null) yield name
  }
}
