import { always } from '../cond/conditions.ts'
import type { Conditions } from '../cond/conditions.ts'
import { DiagramTooLarge } from '../cond/bdd.ts'
import type { Tree } from '../text/tree.ts'
import type { Makefile } from './cst.ts'
import { createInitial } from './initial-variables.ts'
import type { SeedLookup, Seeds, SymbolText } from './initial-variables.ts'
import { assign, definedCond } from './environment.ts'
import type { Evaluation } from './evaluation.ts'
import { expand } from './expand.ts'
import { externalVariable } from './external-variables.ts'
import { askFor, variableValue } from './lookup.ts'
import type { Machine } from './machine.ts'
import { unnoted } from './reads.ts'
import type { Reads } from './reads.ts'
import { createValueScope, WorkLimit } from './scope.ts'
import { parseText } from './script.ts'
import { runNodes } from './statements.ts'
import { textUnder } from './text-under.ts'
import type { Unknown, Value } from './value.ts'
import { textValue, unknownValue } from './value.ts'
import { spelledFrom } from './working-directory.ts'
import type { WorkingDirectory } from './working-directory.ts'
import { nowhere, wordsOf } from './guarded-words.ts'
import type { UnknownWords, Words } from './guarded-words.ts'

export type EvaluateOptions = {
  /** Where all conditions of the result live; one for a whole tree, so that they can be compared. */
  readonly conditions: Conditions
  /** The path of the makefile, as spans name it. */
  readonly file: string
  /** Variables that are set before the makefile is read, simply expanded: `obj-y`, `srctree`, `obj`. */
  readonly seeds?: SeedLookup
  /** `make NAME=value`: `override` alone changes these. */
  readonly commandLine?: Seeds
  /** What a calling make or shell has exported. */
  readonly inherited?: SeedLookup
  /** Answers `$(wildcard ...)`; without it that is unknown. */
  readonly tree?: Tree | null
  /** Files that may be included, by path from the top of the tree, without `$(srctree)/`; null where the file is not known. */
  readonly include?: (path: string) => Makefile | null
  /** Where make runs: paths are relative to it. Without it they are those from the top of the tree, after `$(srctree)/`. */
  readonly directory?: WorkingDirectory
  /** What a command prints for `$(shell ...)`, where the caller knows; null, or without it, that is unknown. */
  readonly shell?: (command: string) => string | null
  /** The text of symbols that are strings or numbers; without it every symbol is y, m or empty. */
  readonly symbolText?: SymbolText
  /** Why a variable that nothing in sight sets has a value all the same; null where it has none. */
  readonly externalReason?: (name: string) => string | null
  /** Notes what is asked of variables, and what for. */
  readonly reads?: Reads
  /** Steps of work for reading the makefile, and again for each question asked of the result. */
  readonly maxSteps?: number
}

/** A step is up to some microseconds; of 3,240 makefiles of Linux 6.12 one needs more than 20,000 (tools/testing/selftests/bpf). */
const defaultMaxSteps = 500_000

/** What one evaluation, or one question, may do with conditions: the whole of Linux 6.12 makes 133,000 nodes. */
const condBounds = { nodes: 1 << 19, steps: 10_000_000 }

/**
 * What a makefile does under all configurations at once. Nothing is run and nothing is read from the disk: what hangs on that is
 * unknown, with the reason. Never throws on what a makefile says; past the limits the rest of it is unknown.
 */
export function evaluateMakefile(makefile: Makefile, options: EvaluateOptions): Evaluation {
  const maxSteps = options.maxSteps ?? defaultMaxSteps
  const machine = createMachine(options, maxSteps)
  const script = { file: options.file, makefile, site: null }
  const { directory, file } = options
  const spelled = directory === undefined ? file : spelledFrom(directory, file)
  const makefiles = { kind: 'value' as const, value: textValue(spelled, null) }
  assign(machine.environment, 'MAKEFILE_LIST', makefiles, { ...plainChange, flavour: 'simple' })
  const failure = attempt(machine, maxSteps, () => runNodes(machine, makefile.nodes, script, always))
  if (failure !== null) {
    const names = { prefix: '', suffix: '' }
    machine.findings.unknownEffects.push({
      when: always,
      unknown: failure,
      origin: { ...nowhere, file: options.file },
      names,
    })
  }
  machine.isDone = true
  const outside = [options.commandLine, options.inherited].filter((seeds) => seeds !== undefined)
  const fromOutside = {
    has: (name: string) => outside.some((seeds) => seeds.has(name)),
    keys: () => outside.flatMap((seeds) => [...seeds.keys()]),
  }
  const given = [...(options.commandLine?.keys() ?? [])].filter((name) => options.inherited?.has(name) !== true)
  return { ...describe(machine, options.file, maxSteps), fromOutside, fromCommandLine: new Set(given) }
}

const plainChange = { when: always, span: null, isOverride: false }

function createMachine(options: EvaluateOptions, maxSteps: number): Machine {
  const { conditions } = options
  const surroundings = {
    tree: options.tree ?? null,
    include: options.include ?? (() => null),
    directory: options.directory ?? null,
    shell: options.shell ?? (() => null),
  }
  const machine: Machine = {
    conditions,
    values: createValueScope(conditions, maxSteps),
    environment: {
      conditions,
      variables: new Map(),
      initial: createInitial(conditions, {
        seeds: options.seeds ?? new Map(),
        commandLine: options.commandLine ?? new Map(),
        inherited: options.inherited ?? new Map(),
        symbolText: options.symbolText ?? (() => null),
        externalReason: options.externalReason ?? externalVariable,
      }),
      version: 0,
    },
    surroundings,
    reads: options.reads ?? unnoted,
    findings: {
      settings: [],
      rules: [],
      targetVariables: [],
      includes: [],
      exports: [],
      stops: [],
      unknownEffects: [],
    },
    bindings: [],
    expanding: new Set(),
    called: new Set(),
    memo: new WeakMap(),
    including: new Set(),
    pending: [],
    depth: 0,
    guardUses: 0,
    isDone: false,
    expand: (expr, script, guard) => expand(machine, expr, script, guard),
    run: (nodes, script, guard) => runNodes(machine, nodes, script, guard),
  }
  return machine
}

/** What a step of ours counts for where the conditions have bounds: it takes some microseconds, theirs 50 ns. */
const stepCost = 20

/**
 * Does some work within the limits, and within those that hold for the conditions around it; why the rest is not known, or null.
 */
function attempt({ conditions, values, reads }: Machine, maxSteps: number, work: () => void): Unknown | null {
  const { budget } = values
  const granted = Math.min(maxSteps, Math.floor(conditions.stepsLeft() / stepCost))
  budget.steps = granted
  try {
    conditions.bounded(condBounds, work)
    return null
  } catch (error) {
    if (!(error instanceof WorkLimit) && !(error instanceof DiagramTooLarge)) throw error
    reads.noteLimit()
    return { kind: 'limit', reason: error.message, key: '<too large>' }
  } finally {
    conditions.charge((granted - Math.max(0, budget.steps)) * stepCost)
  }
}

function describe(
  machine: Machine,
  file: string,
  maxSteps: number,
): Omit<Evaluation, 'fromOutside' | 'fromCommandLine'> {
  const { environment, findings } = machine
  const ask = <Answer>(work: () => Answer, otherwise: (unknown: Unknown) => Answer): Answer => {
    const answers: Answer[] = []
    const failure = attempt(machine, maxSteps, () => answers.push(work()))
    const [answer] = answers
    return answer === undefined || failure !== null ? otherwise(failure ?? noAnswer) : answer
  }
  const valueOf = (name: string): Value =>
    ask(
      () => variableValue(machine, name, always),
      (unknown) => unknownValue(unknown, null),
    )
  const read = (value: Value): Words =>
    ask(
      () => wordsOf(machine.values, value),
      (unknown) => ({ words: [], unknown: [{ when: always, unknown, origin: { ...nowhere, file } }] }),
    )
  return {
    file,
    names: [...environment.variables.keys()].sort(),
    value: valueOf,
    words: (name) => withDoubts(machine, name, read(valueOf(name))),
    wordsOf: read,
    text: (name, under) =>
      ask(
        () => textUnder({ conditions: machine.conditions, budget: machine.values.budget }, valueOf(name), under),
        (unknown) => ({ kind: 'unknown' as const, unknown }),
      ),
    defined: (name) => definedCond(environment, askFor(machine, name)),
    expand: (text) =>
      ask(
        () => {
          const { expr, script } = parseText(text, file, nowhere)
          return machine.expand(expr, script, always)
        },
        (unknown) => unknownValue(unknown, null),
      ),
    ...findings,
  }
}

const noAnswer: Unknown = { kind: 'limit', reason: 'no answer', key: '<no answer>' }

/** The words of a variable with what is not known of them: tests that decide on them, and statements that may set the variable. */
function withDoubts({ conditions, findings }: Machine, name: string, { words, unknown }: Words): Words {
  const byTest = words.flatMap(({ when, origin }): UnknownWords[] => {
    if (!conditions.hangsOn(when, 'undecided')) return []
    const tests = conditions.support(when).flatMap((each) => (each.kind === 'atom' ? [each.atom] : []))
    const key = tests.find((atom) => atom.kind === 'undecided')?.key ?? ''
    return [{ when, unknown: { kind: 'test', reason: `\`${key}\` decides`, key }, origin }]
  })
  const byEffect = findings.unknownEffects.flatMap(({ when, unknown: what, origin, names }): UnknownWords[] => {
    if (names === null || !name.startsWith(names.prefix) || !name.endsWith(names.suffix)) return []
    return name.length < names.prefix.length + names.suffix.length ? [] : [{ when, unknown: what, origin }]
  })
  if (byTest.length === 0 && byEffect.length === 0) return { words, unknown }
  return { words, unknown: [...unknown, ...byTest, ...byEffect] }
}
