import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Conditions } from '../../src/cond/conditions.ts'
import type { Evaluation } from '../../src/make/evaluation.ts'
import { kernelRoot } from '../../src/kbuild/run-make.ts'
import type { Settings } from '../../src/kbuild/run-make.ts'
import type { DirectoryRules } from '../../src/kbuild/directory-rules.ts'
import { overriddenRecipes } from '../../src/kbuild/overridden-recipes.ts'
import { absolutePath } from '../../src/make/working-directory.ts'
import { indexLines, offsetToPosition } from '../../src/text/line-index.ts'
import type { Span } from '../../src/text/span.ts'

/**
 * What takes the place of the shell, so that no command is run and nothing is written: `/bin/false`, which prints nothing, or the
 * script beside this file, which prints where it is for `pwd` and `1` for all else.
 */
export type OracleShell = 'silent' | 'answering'

const shells: Readonly<Record<OracleShell, string>> = {
  silent: '/bin/false',
  answering: join(import.meta.dirname, 'answering-shell.sh'),
}

/** The same answers, for us. */
export function answersOf(shell: OracleShell, directory: string): (command: string) => string {
  if (shell === 'silent') return () => ''
  const place = { root: kernelRoot, path: directory }
  return (command) => {
    if (command === 'pwd') return absolutePath(place, '.')
    const [, path] = /^cd ([\w./-]+) *(?:&&|;) *pwd$/.exec(command) ?? []
    return path === undefined ? '1' : absolutePath(place, path)
  }
}

/** A make in a directory of a kernel on the disk. */
export type Run = {
  readonly top: string
  readonly directory: string
  /** As `-f` names it, from the directory. */
  readonly makefile: string
  readonly shell: OracleShell
  readonly commandLine: Settings
  readonly inherited: Settings
  /** The variables that are asked for; all that are set where left out. */
  readonly names?: readonly string[]
}

/** A recipe that make says it drops: `target`, and the first line of both recipes as `file:line`, from the top of the tree. */
export type Dropped = { readonly target: string; readonly later: string; readonly earlier: string }

export type MakeAnswer = {
  /** By name, the text of every variable that is set. */
  readonly values: ReadonlyMap<string, string>
  /** The names of those that were not expanded. */
  readonly withEffects: ReadonlySet<string>
  readonly dropped: readonly Dropped[]
  /** What make stopped with; null where it did not. */
  readonly failure: string | null
}

/**
 * The line `@@name|value` for each variable that the makefiles, the command line or the environment set, and `@!name` for one that
 * would set others when it is expanded.
 */
function driverOf(names: readonly string[] | undefined): string {
  const all =
    '$(foreach ORACLE_N,$(.VARIABLES),$(if $(filter file override command environment,$(firstword $(origin $(ORACLE_N)))),$(ORACLE_N)))'
  return [
    'define ORACLE_NEWLINE\n\n\nendef\n',
    'ORACLE_EVAL := $$(eval\n',
    `$(foreach ORACLE_V,${names === undefined ? all : names.join(' ')},`,
    '$(if $(findstring $(ORACLE_EVAL),$(value $(ORACLE_V))),$(info @!$(ORACLE_V)),',
    '$(info @@$(ORACLE_V)|$(subst $(ORACLE_NEWLINE),<newline>,$($(ORACLE_V))))))\n',
    '.PHONY: oracle-goal\noracle-goal: ;\n',
  ].join('')
}

/** A minute is a makefile that loops. */
const timeoutMs = 60_000

/** What GNU make makes of a makefile; paths of the tree are as if it stood at `kernelRoot`. */
export function askMake({ top, directory, makefile, shell, commandLine, inherited, names }: Run): Promise<MakeAnswer> {
  const settings = Object.entries(commandLine).map(
    ([name, value]) => `${name}=${value.startsWith(kernelRoot) ? top + value.slice(kernelRoot.length) : value}`,
  )
  const args = [
    '-rR',
    '--no-print-directory',
    '-f',
    makefile,
    '-f',
    '-',
    `SHELL=${shells[shell]}`,
    ...settings,
    'oracle-goal',
  ]
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', ...inherited }
  return new Promise((resolve, reject) => {
    const child = spawn('make', args, { cwd: `${top}/${directory}`, env, timeout: timeoutMs })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', reject)
    child.on('close', (status) => {
      const said = Buffer.concat(stderr).toString()
      const dropped = droppedIn(said, { top, directory })
      const printed = Buffer.concat(stdout).toString().replaceAll(top, kernelRoot)
      const withEffects = new Set([...printed.matchAll(/^@!(.*)$/gm)].map(([, name = '']) => name))
      resolve({
        values: valuesIn(printed),
        withEffects,
        dropped,
        failure: status === 0 ? null : said.trim().split('\n').slice(-3).join(' | '),
      })
    })
    child.stdin.end(driverOf(names))
  })
}

function valuesIn(stdout: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const line of stdout.split('\n')) {
    const [, name, value] = /^@@([^|]*)\|(.*)$/s.exec(line) ?? []
    if (name !== undefined && value !== undefined) values.set(name, value)
  }
  return values
}

/** `a:1: warning: overriding recipe for target 'x'` and the line after it. */
function droppedIn(stderr: string, { top, directory }: Pick<Run, 'top' | 'directory'>): readonly Dropped[] {
  const pairs = stderr.matchAll(
    /^(.*):(\d+): warning: overriding recipe for target '(.*)'\n(.*):(\d+): warning: ignoring old recipe for target/gm,
  )
  const place = (file = '', line = ''): string => {
    const path = new URL(file, `file://${top}/${directory}/`).pathname
    return `${path.startsWith(`${top}/`) ? path.slice(top.length + 1) : path}:${line}`
  }
  return [...pairs].map(([, later, laterLine, target = '', earlier, earlierLine]) => ({
    target: target.replaceAll(top, kernelRoot),
    later: place(later, laterLine),
    earlier: place(earlier, earlierLine),
  }))
}

/** The same of ours, where every test is answered `false` and every symbol is n. */
export function ourDropped(
  conditions: Conditions,
  rules: DirectoryRules,
  readText: (path: string) => string | null,
): readonly Dropped[] {
  const line = ({ file, start }: Span): string => {
    const text = readText(file)
    return `${file}:${text === null ? 0 : offsetToPosition(indexLines(text), start).line}`
  }
  return overriddenRecipes(rules).flatMap(({ target, earlier, later, when }) => {
    if (!conditions.holds(when, nothing)) return []
    const first = (rule: typeof earlier): string => {
      const recipe = rule.recipe.find((each) => conditions.holds(each.when, nothing))
      return line(recipe?.origin ?? rule.origin)
    }
    return [{ target, later: first(later), earlier: first(earlier) }]
  })
}

const nothing = { symbol: () => 'n' as const, atom: () => false }

export type ValueDifference = { readonly name: string; readonly make: string | null; readonly ours: string | null }

export type ValueComparison = {
  readonly compared: number
  /** Names whose value we do not know, with the reason. */
  readonly unknown: readonly string[]
  readonly differences: readonly ValueDifference[]
}

/** What make sets, or the comparison. */
const ownNames: ReadonlySet<string> = new Set([
  ...[
    '.DEFAULT_GOAL',
    '.SHELLSTATUS',
    'ORACLE_NEWLINE',
    'ORACLE_EVAL',
    'ORACLE_V',
    'ORACLE_N',
    'MAKEFILE_LIST',
    'MAKEFLAGS',
    'MAKEOVERRIDES',
  ],
  ...[
    '-*-command-variables-*-',
    'SHELL',
    'PATH',
    'LC_ALL',
    'MAKELEVEL',
    'MFLAGS',
    'CURDIR',
    'MAKE_COMMAND',
    'MAKE',
    '.VARIABLES',
    'MAKECMDGOALS',
  ],
  // scripts/Makefile.compiler: questions whose commands print their arguments, which no shell of ours does
  ...['cc-option', 'cc-option-yn', 'rustc-option-yn'],
  // tools/testing/selftests/lib.mk: a recipe that sets variables as it is expanded
  ...['INSTALL_RULE', 'INSTALL_LIST'],
])

/** Compares every variable that make or we know of, blank by blank. */
export function compareValues(
  evaluation: Evaluation,
  { values, withEffects }: MakeAnswer,
  only: readonly string[] | null = null,
): ValueComparison {
  const names = new Set(only ?? [...evaluation.names, ...values.keys()])
  const unknown: string[] = []
  const differences: ValueDifference[] = []
  let compared = 0
  for (const name of names) {
    if (ownNames.has(name) || withEffects.has(name) || /[\s:=]/.test(name)) continue
    const [ours, otherwise] = [evaluation.text(name, nothing), evaluation.text(name, { ...nothing, atom: () => true })]
    const [doubt] = evaluation.words(name).unknown
    if (ours.kind === 'unknown' || doubt !== undefined) {
      unknown.push(`${name}: ${ours.kind === 'unknown' ? ours.unknown.reason : (doubt?.unknown.reason ?? '')}`)
      continue
    }
    if (otherwise.kind === 'unknown' || otherwise.text !== ours.text) {
      unknown.push(`${name}: a tool is asked`)
      continue
    }
    compared++
    const make = values.get(name) ?? null
    const text = make === null && ours.text === '' ? null : ours.text.replaceAll('\n', '<newline>')
    if (text !== make) differences.push({ name, make, ours: text })
  }
  return { compared, unknown, differences }
}
