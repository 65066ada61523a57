import type { Conditions } from '../cond/conditions.ts'
import { createConditions } from '../cond/conditions.ts'
import type { Makefile } from '../make/cst.ts'
import { evaluateMakefile } from '../make/evaluate.ts'
import type { Evaluation } from '../make/evaluation.ts'
import type { Seeds, SymbolText } from '../make/initial-variables.ts'
import { textValue } from '../make/value.ts'
import type { Tree } from '../text/tree.ts'
import { parseOnce } from './parsed-files.ts'
import type { ParsedMakefile } from './parsed-files.ts'

/** Variables by name, with the text that they are given. */
export type Settings = Readonly<Record<string, string>>

/** A make of its own that runs in a directory: a selftest, a tool, the wrapper of a module. */
export type RunOptions = {
  /** Where the conditions of the result live; a new set where left out. */
  readonly conditions?: Conditions
  /** Gives the makefiles of the tree; reads and parses each once where left out. */
  readonly parsed?: ParsedMakefile
  /** `make NAME=value`. */
  readonly commandLine?: Settings
  /** What the environment gives. */
  readonly inherited?: Settings
  /** What the calling make exports, with its conditions. */
  readonly exported?: Seeds
  /** Variables that are set before the makefile is read, simply expanded. */
  readonly seeds?: Settings
  /** What is known of symbols; without it each may be y, m or not set. */
  readonly symbolText?: SymbolText
  /** What commands print for `$(shell ...)`, where that is known. */
  readonly shell?: (command: string) => string | null
  /** Why a variable that nothing in sight sets may have a value; `setOutside` where left out. */
  readonly externalReason?: (name: string) => string | null
  /** As `evaluateMakefile` has it. */
  readonly maxSteps?: number
}

/** Where the top of the tree is for makefiles that ask: a directory that no machine has. */
export const kernelRoot = '/kernel'

/** A tree, and what all evaluations of it share. */
export type RunScope = {
  readonly tree: Tree
  readonly conditions: Conditions
  readonly parsed: ParsedMakefile
}

export function runScope(tree: Tree, { conditions, parsed }: RunOptions): RunScope {
  return { tree, conditions: conditions ?? createConditions(), parsed: parsed ?? parseOnce(tree) }
}

/** Evaluates a makefile as `make -C directory -f makefile` reads it, `path` being that of the makefile from the top. */
export function runMake(
  { tree, conditions, parsed }: RunScope,
  { path, makefile, directory }: { readonly path: string; readonly makefile: Makefile; readonly directory: string },
  options: RunOptions,
): Evaluation {
  const { maxSteps, symbolText } = options
  return evaluateMakefile(makefile, {
    conditions,
    tree,
    file: path,
    include: parsed,
    directory: { root: kernelRoot, path: directory },
    seeds: seedsOf({ CURDIR: absoluteDirectory(directory), MAKE: 'make', ...options.seeds }),
    commandLine: seedsOf(options.commandLine ?? {}),
    inherited: new Map([...(options.exported ?? []), ...seedsOf(options.inherited ?? {})]),
    shell: (command) => options.shell?.(command) ?? ownDirectory(command, directory),
    externalReason: options.externalReason ?? setOutside,
    ...(symbolText === undefined ? {} : { symbolText }),
    ...(maxSteps === undefined ? {} : { maxSteps }),
  })
}

/** A directory of the tree as `$(CURDIR)` has it. */
export function absoluteDirectory(directory: string): string {
  return directory === '' ? kernelRoot : `${kernelRoot}/${directory}`
}

/** The one command whose output hangs on nothing but where make runs. */
function ownDirectory(command: string, directory: string): string | null {
  return command.trim() === 'pwd' ? absoluteDirectory(directory) : null
}

export function seedsOf(texts: Settings): Seeds {
  return new Map(Object.entries(texts).map(([name, text]) => [name, textValue(text, null)]))
}

/** What a make that is called by hand finds set, or not, and what one that the top Makefile calls finds: tools and machines. */
const hand: ReadonlyMap<string, string> = new Map([
  ...['ARCH', 'SRCARCH', 'SUBARCH', 'CROSS_COMPILE', 'LLVM'].map(
    (name) => [name, 'the command line or environment'] as const,
  ),
  ...[
    ...['AR', 'AS', 'CC', 'CPP', 'CXX', 'LD', 'NM', 'OBJCOPY', 'OBJDUMP', 'PKG_CONFIG', 'READELF', 'STRIP'],
    ...['CLANG', 'HOSTAR', 'HOSTCC', 'HOSTCXX', 'HOSTLD', 'LEX', 'PYTHON', 'PYTHON3', 'RUSTC', 'YACC'],
  ].map((name) => [name, 'make itself or its caller'] as const),
  ...['MAKEFLAGS', 'MFLAGS', 'MAKEOVERRIDES', 'MAKECMDGOALS', 'MAKE_VERSION', 'SHELL'].map(
    (name) => [name, 'make itself'] as const,
  ),
  ...['HOME', 'PATH', 'PWD', 'USER'].map((name) => [name, 'the environment'] as const),
])

/** Why a variable that nothing in sight sets may have a value in a make that runs by itself. */
export function setOutside(name: string): string | null {
  const setter = hand.get(name)
  return setter === undefined ? null : `\`${name}\` is set by ${setter}`
}
