import type { Expr, Range } from '../make/cst.ts'
import { oncePer } from '../text/once-per.ts'
import { shellSource, type ShellSource } from './shell-source.ts'
import {
  isUnquoted,
  literalOf,
  reachesText,
  readOperator,
  readWord,
  skipBlanks,
  skipMarks,
  type Cursor,
  type Operator,
  type ShellWord,
} from './shell-words.ts'

/** `2>log`: `>`, 2 and `log`. `fd` is null where no number is written. */
export type Redirection = { readonly op: string; readonly fd: number | null; readonly target: ShellWord | null }

/** A command as POSIX calls it (Shell Command Language 2.9.1): assignments, a name with arguments, redirections. */
export type SimpleCommand = Range & {
  readonly source: ShellSource
  readonly assignments: readonly ShellWord[]
  readonly words: readonly ShellWord[]
  readonly redirections: readonly Redirection[]
  /** What ends it: `;`, `&&`, `|`, a newline, `)`, a keyword; empty at the end of the text. */
  readonly separator: string
  /** How many bodies of `for`, `while` and `until` it stands in. */
  readonly loops: number
}

/** Substitutions inside substitutions, `$(if)` inside `$(if)`: the kernel has 3 at most. What is nested deeper is not looked at. */
const maxDepth = 12

/** No recipe of the kernel has more than a quarter of this; a text beyond it is not written by a person, and not looked at. */
const maxLength = 20_000

/**
 * The simple commands of an expression that is shell text, in their order, with those of `$(if ...)`, `$(foreach ...)`,
 * `$(or ...)` and `$(and ...)` that stand where a command does, and of substitutions. `$(shell ...)` is a reference like any other.
 */
export function commandsOf(expr: Expr, text: string): readonly SimpleCommand[] {
  const byText = commandsByText(expr)
  const commands = byText.get(text) ?? commandsIn(expr, text)
  byText.set(text, commands)
  return commands
}

/** Several rules ask for the commands of the same script. */
const commandsByText = oncePer<Expr, Map<string, readonly SimpleCommand[]>>(() => new Map())

function commandsIn(expr: Expr, text: string): readonly SimpleCommand[] {
  const commands: SimpleCommand[] = []
  const waiting: { source: ShellSource; stretch: Range; depth: number }[] = []
  const wait = (inner: Expr, depth: number): void => {
    const source = shellSource(inner, text)
    if (source.text.length <= maxLength) waiting.push({ source, stretch: { start: 0, end: source.text.length }, depth })
  }
  wait(expr, 0)
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const depth = next.depth + 1
    const found = parseStretch(next.source, next.stretch)
    commands.push(...found)
    if (depth > maxDepth) continue
    for (const command of found) {
      for (const inner of scriptsAtHead(command)) wait(inner, depth)
      for (const stretch of substitutionsOf(command)) waiting.push({ source: command.source, stretch, depth })
    }
  }
  return commands.sort((a, b) => a.start - b.start)
}

function substitutionsOf(command: SimpleCommand): readonly Range[] {
  const targets = command.redirections.flatMap(({ target }) => target ?? [])
  const pieces = [...command.assignments, ...command.words, ...targets].flatMap((word) => word.pieces)
  return pieces.flatMap((piece) => (piece.kind === 'substitution' ? piece.stretch : []))
}

/** The arguments of a function at the head of a command that are commands themselves. */
function scriptsAtHead(command: SimpleCommand): readonly Expr[] {
  const piece = command.words[0]?.pieces[0]
  if (piece?.kind !== 'reference' || piece.quote !== null || piece.reference.kind !== 'call') return []
  const { fn, args } = piece.reference
  if (fn === 'if') return args.slice(1)
  if (fn === 'or' || fn === 'and') return args
  return fn === 'foreach' ? args.slice(2) : []
}

/** Whether what a command prints goes into a file, or nowhere. */
export function redirectsOutput({ redirections }: SimpleCommand): boolean {
  return redirections.some(({ op, fd }) => /^(?:>>?|>\||&>>?)$/.test(op) && (fd === null || fd === 1))
}

/** `blocks` are the open loops and cases, the innermost last. */
type Shell = Cursor & { readonly blocks: ('loop' | 'case' | 'pattern')[] }

type Building = {
  assignments: ShellWord[]
  words: ShellWord[]
  redirections: Redirection[]
  start: number
  end: number
}

const emptyCommand = (): Building => ({ assignments: [], words: [], redirections: [], start: -1, end: -1 })

function parseStretch(source: ShellSource, { start, end }: Range): readonly SimpleCommand[] {
  const commands: SimpleCommand[] = []
  const shell: Shell = { source, at: start, end, unclosed: 0, blocks: [] }
  let building = emptyCommand()
  const finish = (separator: string): void => {
    if (building.start !== -1) {
      const loops = shell.blocks.filter((block) => block === 'loop').length
      commands.push({ ...building, source, separator, loops })
    }
    building = emptyCommand()
  }
  skipMarks(shell)
  while (reachesText(shell)) {
    const op = readOperator(shell)
    if (op === null) takeWord(shell, building, finish)
    else if (/[<>]/.test(op.text)) takeRedirection(shell, building, op)
    else {
      finish(op.text)
      afterOperator(shell, op.text)
    }
  }
  finish('')
  return commands
}

/** A newline, of a `define`, begins a recipe line; a `)` after a pattern of `case` begins its commands, `;;` ends them. */
function afterOperator(shell: Shell, op: string): void {
  const top = shell.blocks.length - 1
  if (op === '\n') skipMarks(shell)
  else if (op === ')' && shell.blocks[top] === 'pattern') shell.blocks[top] = 'case'
  else if (op === ';;' && shell.blocks[top] === 'case') shell.blocks[top] = 'pattern'
}

function takeRedirection(shell: Shell, building: Building, { text, fd }: Operator): void {
  skipBlanks(shell)
  const { at } = shell
  const word = readWord(shell)
  if (building.start === -1) building.start = word.start
  building.end = Math.max(building.end, word.end)
  building.redirections.push({ op: text, fd, target: shell.at > at ? word : null })
}

function takeWord(shell: Shell, building: Building, finish: (separator: string) => void): void {
  const word = readWord(shell)
  const isFirst = building.start === -1
  const keyword = isFirst ? keywordOf(word) : null
  if (shell.blocks.at(-1) === 'pattern') {
    if (keyword === 'esac') shell.blocks.pop()
  } else if (keyword !== null) takeKeyword(shell, keyword, finish)
  else if (isFirst && isFunctionHead(shell)) shell.at = shell.source.text.indexOf(')', shell.at) + 1
  else {
    if (isFirst) building.start = word.start
    building.end = word.end
    if (building.words.length === 0 && isAssignment(word)) building.assignments.push(word)
    else building.words.push(word)
  }
}

/** Reserved words (2.4) that stand where a command does. */
const keywords: ReadonlySet<string> = new Set([
  '!',
  '{',
  '}',
  'if',
  'then',
  'elif',
  'else',
  'fi',
  'for',
  'while',
  'until',
  'do',
  'done',
  'case',
  'esac',
])

function keywordOf(word: ShellWord): string | null {
  const text = literalOf(word)
  return text !== null && isUnquoted(word) && keywords.has(text) ? text : null
}

function takeKeyword(shell: Shell, keyword: string, finish: (separator: string) => void): void {
  finish(keyword)
  if (keyword === 'do') shell.blocks.push('loop')
  else if (keyword === 'done' || keyword === 'esac') shell.blocks.pop()
  else if (keyword === 'for') skipWords(shell, () => false)
  else if (keyword === 'case') {
    skipWords(shell, (word) => literalOf(word) === 'in')
    shell.blocks.push('pattern')
  }
}

/** The words behind `for` and `case`, up to the end of the line or a word that ends them: no commands. */
function skipWords(shell: Shell, isLast: (word: ShellWord) => boolean): void {
  while (reachesText(shell)) {
    if (readOperator(shell) !== null || isLast(readWord(shell))) return
  }
}

function isFunctionHead(shell: Shell): boolean {
  return /^[ \t]*\([ \t]*\)/.test(shell.source.text.slice(shell.at, Math.min(shell.end, shell.at + 16)))
}

function isAssignment(word: ShellWord): boolean {
  const first = word.pieces[0]
  return first?.kind === 'text' && first.quote === null && /^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(first.text)
}
