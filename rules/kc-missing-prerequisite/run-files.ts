import { always } from '../../src/cond/conditions.ts'
import { commandCallsIn } from '../../src/kbuild/directory-commands.ts'
import { withoutDot } from '../../src/kbuild/directory-rules.ts'
import { normalise } from '../../src/kbuild/parsed-files.ts'
import type { Expr } from '../../src/make/cst.ts'
import type { Evaluation } from '../../src/make/evaluation.ts'
import type { RecipeLine, Rule } from '../../src/make/rule.ts'
import { parseText } from '../../src/make/script.ts'
import { definitionsByName } from '../../src/review/recipe-variables.ts'
import type { TreeContext } from '../../src/review/rule.ts'
import { commandsOf, type SimpleCommand } from '../../src/review/shell-commands.ts'
import { programWord } from '../../src/review/shell-program.ts'
import type { Span } from '../../src/text/span.ts'

/** A file that a recipe runs: a script, or a program that the build makes. */
export type RunFile = { readonly path: string; readonly written: string; readonly at: Span }

/** A text of a recipe: a line of it, or a command that a macro runs. */
type Text = { readonly expr: Expr; readonly text: string; readonly place: (start: number, end: number) => Span }

/** The files of the tree or of the build that the recipe of a rule runs, each once. */
export function runFiles(rule: Rule, evaluation: Evaluation, open: TreeContext['makefile']): readonly RunFile[] {
  const found = new Map<string, RunFile>()
  for (const { expr, text, place } of rule.recipe.flatMap((line) => textsOf(line, evaluation, open))) {
    for (const command of commandsOf(expr, text)) {
      const word = runWord(command, text)
      const path = word === null ? null : pathOf(text.slice(word.start, word.end), evaluation)
      if (word === null || path === null || found.has(path)) continue
      found.set(path, { path, written: text.slice(word.start, word.end), at: place(word.start, word.end) })
    }
  }
  return [...found.values()]
}

function textsOf(line: RecipeLine, evaluation: Evaluation, open: TreeContext['makefile']): readonly Text[] {
  const { script, expr } = parseText(line.text, line.origin.file, null)
  const isWritten = line.origin.end - line.origin.start === line.text.length
  const inLine = (start: number, end: number): Span =>
    isWritten ? { ...line.origin, start: line.origin.start + start, end: line.origin.start + end } : line.origin
  const own: Text = { expr, text: script.makefile.text, place: inLine }
  const commands = commandCallsIn(line).flatMap(({ kind, name }): readonly Text[] => {
    const variable = `${kind}_${name ?? ''}`
    const files = new Set(evaluation.settings.filter((each) => each.name === variable).map(({ span }) => span.file))
    return [...files].flatMap((file) => {
      const makefile = open(file)
      if (makefile === null) return []
      const place = (start: number, end: number): Span => ({ file, start, end })
      const definitions = definitionsByName(makefile.syntax).get(variable) ?? []
      return definitions.map(({ value }) => ({ expr: value, text: makefile.text, place }))
    })
  })
  return [own, ...commands]
}

const interpreters = /^(?:\$[({](?:CONFIG_SHELL|SHELL|BASH|PYTHON3|PERL|AWK)[)}]|sh|bash|perl|python3|awk)$/

type Place = { readonly start: number; readonly end: number }

/** The word that names what runs: the program, or the script that it is given to run. */
function runWord(command: SimpleCommand, text: string): Place | null {
  const program = programWord(command)
  if (program === null) return null
  const written = text.slice(program.start, program.end)
  if (!interpreters.test(written)) return program
  const rest = command.words.slice(command.words.indexOf(program) + 1)
  const isAwk = /AWK|awk/.test(written)
  if (isAwk) {
    const option = rest.findIndex((word) => text.slice(word.start, word.end) === '-f')
    return option === -1 ? null : (rest[option + 1] ?? null)
  }
  const [first] = rest.filter((word) => !/^-[a-z]$/.test(text.slice(word.start, word.end)))
  return first ?? null
}

/** The path of a word that begins with one of Kbuild's directories, from the top of the tree; null for any other. */
function pathOf(word: string, evaluation: Evaluation): string | null {
  const written = word.replaceAll(/["']/g, '')
  if (!/^\$[({](?:obj|src|srctree|objtree)[)}]\/[\w./()${}-]+$/.test(written)) return null
  const { words, unknown } = evaluation.wordsOf(evaluation.expand(written))
  const [only, ...more] = words
  if (only === undefined || more.length > 0 || unknown.length > 0 || only.when !== always) return null
  return normalise(withoutDot(only.text))
}
