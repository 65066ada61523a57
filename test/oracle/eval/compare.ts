import { spawn } from 'node:child_process'
import { createConditions } from '../../../src/cond/conditions.ts'
import type { Assignment, Conditions, Tristate } from '../../../src/cond/conditions.ts'
import { evaluateMakefile } from '../../../src/make/evaluate.ts'
import type { EvaluateOptions } from '../../../src/make/evaluate.ts'
import type { Evaluation } from '../../../src/make/evaluation.ts'
import type { Seeds } from '../../../src/make/initial-variables.ts'
import { parseMakefile } from '../../../src/make/parse.ts'
import { textValue } from '../../../src/make/value.ts'

/** A makefile to be evaluated by GNU make and by us. */
export type Subject = {
  /** The path of the makefile, from `directory`. */
  readonly path: string
  readonly text: string
  /** Where make runs. */
  readonly directory: string
  /** What both read first, as text of a makefile. */
  readonly preamble: string
  /** `make NAME=value`, and what make finds in its environment. */
  readonly commandLine?: Readonly<Record<string, string>>
  readonly inherited?: Readonly<Record<string, string>>
  readonly options: Omit<EvaluateOptions, 'conditions' | 'file'>
}

/** One configuration: symbols that are not mentioned are n; every question about tools and numbers has the same answer. */
export type Configuration = { readonly symbols: ReadonlyMap<string, Tristate>; readonly answer: boolean }

export type Difference = {
  readonly file: string
  readonly name: string
  readonly make: string | null
  readonly ours: string | null
  readonly configuration: string
}

/** What one configuration showed: values that were compared, those that we do not know, and how make ended. */
export type Comparison = {
  readonly compared: number
  readonly unknown: number
  readonly differences: readonly Difference[]
  /** What make said where it stopped instead of printing values; null where it did not. */
  readonly failure: string | null
}

/** Questions about tools, answered alike for all arguments, in place of those of scripts/Makefile.compiler. */
const answeredFunctions = [
  ...['cc-option', 'as-option', 'ld-option', 'rustc-option', 'hostcc-option'].map((name) => [name, '$(1)', '$(2)']),
  ...['cc-option-yn', 'rustc-option-yn'].map((name) => [name, 'y', 'n']),
  ...['gcc', 'clang', 'rustc', 'ld'].map((name) => [`${name}-min-version`, 'y', '']),
  ...['lt', 'le', 'ge', 'gt'].map((name) => [`test-${name}`, 'y', '']),
  ['as-instr', '$(2)', '$(3)'],
  ['cc-ifversion', '$(3)', '$(4)'],
  ['ld-ifversion', '$(3)', '$(4)'],
  ['cc-disable-warning', '-Wno-$(strip $(1))', ''],
]

/** Variables that make or this comparison sets, not the makefile. */
const ownNames: ReadonlySet<string> = new Set([
  ...answeredFunctions.flatMap(([name = '']) => name),
  ...['.DEFAULT_GOAL', '.SHELLSTATUS', 'ORACLE_ANSWER', 'ORACLE_NEWLINE', 'ORACLE_V', 'ORACLE_N', 'MAKEFILE_LIST', 'MAKEFLAGS', 'MAKEOVERRIDES', '-*-command-variables-*-', 'SHELL', 'PATH', 'LC_ALL', 'MAKELEVEL', 'MFLAGS', 'CURDIR', 'MAKE_COMMAND'],
])

/** The makefile that GNU make reads: the configuration, the preamble, the subject, and a line `@@name|value` a variable. */
function driver({ preamble, path }: Subject, { symbols, answer }: Configuration): string {
  const functions = answeredFunctions.map(
    ([name = '', yes = '', no = '']) => `${name} = $(if $(ORACLE_ANSWER),${yes},${no})\n`,
  )
  const config = [...symbols].filter(([, value]) => value !== 'n').map(([name, value]) => `CONFIG_${name}=${value}\n`)
  return [
    'define ORACLE_NEWLINE\n\n\nendef\n',
    `ORACLE_ANSWER := ${answer ? 'y' : ''}\n`,
    ...functions,
    ...config,
    preamble,
    `include ${path}\n`,
    '$(foreach ORACLE_V,$(foreach ORACLE_N,$(.VARIABLES),$(if $(filter file override command environment,$(firstword $(origin $(ORACLE_N)))),$(ORACLE_N))),',
    '$(info @@$(ORACLE_V)|$(subst $(ORACLE_NEWLINE),<newline>,$($(ORACLE_V)))))\n',
    '.PHONY: oracle-goal\n',
  ].join('')
}

/** No command is ever run: `$(shell ...)` is given a shell that does nothing. A minute is a makefile that loops. */
const makeArgs = ['-f', '-', '-rRs', '--no-print-directory', 'SHELL=/bin/false', 'oracle-goal']
const timeoutMs = 60_000

type MakeResult = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

function runMakeOn(text: string, { directory, commandLine = {}, inherited = {} }: Subject): Promise<MakeResult> {
  const args = [...makeArgs, ...Object.entries(commandLine).map(([name, value]) => `${name}=${value}`)]
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', ...inherited }
  return new Promise((resolve, reject) => {
    const child = spawn('make', args, { cwd: directory, env, timeout: timeoutMs })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', reject)
    child.on('close', (status) => {
      resolve({ status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() })
    })
    child.stdin.end(text)
  })
}

/** The values that make printed, by name. */
function printedValues(stdout: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const line of stdout.split('\n')) {
    const [, name, value] = /^@@([^|]*)\|(.*)$/s.exec(line) ?? []
    if (name !== undefined && value !== undefined) values.set(name, value)
  }
  return values
}

/** Our evaluation of a subject, after its preamble. */
export function evaluateSubject(subject: Subject, conditions: Conditions = createConditions()): Evaluation {
  const { path, text, preamble, options } = subject
  const leaf = parseMakefile(text)
  const { include } = options
  return evaluateMakefile(parseMakefile(`${preamble}include ${path}\n`), {
    ...options,
    conditions,
    file: '<preamble>',
    commandLine: seedsOf(subject.commandLine),
    inherited: seedsOf(subject.inherited),
    include: (asked) => (asked === path ? leaf : (include?.(asked) ?? null)),
  })
}

export const seedsOf = (given: Readonly<Record<string, string>> = {}): Seeds =>
  new Map(Object.entries(given).map(([name, value]) => [name, textValue(value, null)]))

/** Compares every variable that make or we know of after reading the makefile, blank by blank. */
export async function compareUnder(
  subject: Subject,
  evaluation: Evaluation,
  configuration: Configuration,
): Promise<Comparison> {
  const run = await runMakeOn(driver(subject, configuration), subject)
  if (run.status !== 0) return { compared: 0, unknown: 0, differences: [], failure: run.stderr.trim() }
  const theirs = printedValues(run.stdout)
  const under: Assignment = {
    symbol: (name) => configuration.symbols.get(name) ?? 'n',
    atom: () => configuration.answer,
  }
  const names = new Set([...evaluation.names, ...theirs.keys()].filter((name) => isCompared(name)))
  const differences: Difference[] = []
  let unknown = 0
  for (const name of names) {
    const ours = evaluation.text(name, under)
    if (ours.kind === 'unknown' || hangsOnUnknown(evaluation, name)) {
      unknown++
      continue
    }
    const make = theirs.get(name) ?? null
    const text = make === null && ours.text === '' ? null : ours.text.replaceAll('\n', '<newline>')
    if (text === make) continue
    differences.push({ file: subject.path, name, make, ours: text, configuration: print(configuration) })
  }
  return { compared: names.size - unknown, unknown, differences, failure: null }
}

/** A name with blanks is not to be told from several in `$(.VARIABLES)`, one with a colon not to be read by `$(name)`. */
const isCompared = (name: string): boolean =>
  !ownNames.has(name) && !name.startsWith('CONFIG_') && !/[\s:=]/.test(name)

/** Whether words of a variable hang on something that is not known, such as the output of a command that a test asks for. */
function hangsOnUnknown(evaluation: Evaluation, name: string): boolean {
  return evaluation.words(name).unknown.length > 0
}

function print({ symbols, answer }: Configuration): string {
  const set = [...symbols].filter(([, value]) => value !== 'n').map(([name, value]) => `${name}=${value}`)
  return `${set.join(' ')} answers=${answer ? 'yes' : 'no'}`
}

/** The symbols that a text mentions, by name. */
export function symbolsIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/CONFIG_(\w+)/g)].map(([, name = '']) => name))].sort()
}

/** Numbers in [0, 1) from a seed, the same everywhere (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const values: readonly Tristate[] = ['n', 'm', 'y']

/** Every symbol with a value by chance. */
export function randomConfiguration(symbols: readonly string[], random: () => number): Configuration {
  const pick = (): Tristate => values[Math.floor(random() * values.length)] ?? 'n'
  return { symbols: new Map(symbols.map((name) => [name, pick()])), answer: random() < 0.5 }
}

/** `# command line: M=drivers/usb` of a case: settings by name. */
export function settingsOf(text: string, heading: string): Readonly<Record<string, string>> {
  const line = text.split('\n').find((each) => each.startsWith(`# ${heading}: `)) ?? ''
  const settings = line.slice(heading.length + 4).split(' ').filter((setting) => setting !== '')
  return Object.fromEntries(settings.map((setting) => [setting.slice(0, setting.indexOf('=')), setting.slice(setting.indexOf('=') + 1)]),
  )
}
