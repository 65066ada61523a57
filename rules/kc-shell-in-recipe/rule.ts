import type { Expr } from '../../src/make/cst.ts'
import { textOf } from '../../src/make/expr-text.ts'
import { callsOf, type Call } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { recipeTexts, type RecipeText } from '../../src/review/recipe-texts.ts'
import { defineRule, type MakefileView, type World } from '../../src/review/rule.ts'
import { commandsOf } from '../../src/review/shell-commands.ts'
import { purposeOf } from './shell-effect.ts'

/**
 * make expands all lines of a recipe before it runs the first (GNU make job.c new_job()), and `$(shell)` while it expands:
 * too early for what the recipe makes, also under `make -n`, and without stopping where it fails.
 *
 * Told are calls that only act, wherever a recipe gets at them, and calls that read the files of the recipe, in its lines and
 * in `cmd_X` themselves. What is computed from something else, the time, a version, an environment, is the same before and
 * after; in `cmd_X` it is how a command is made to change with it. A variable of another name that is expanded late to print
 * what is in vmlinux (`UIMAGE_LOADADDR`) was written so because nothing else would do: it is not told either, nor is what
 * `$(if)` decides by.
 */
export default defineRule({
  id: 'kc-shell-in-recipe',
  severity: 'warning',
  scope: 'tree',
  summary: 'A recipe does with `$(shell ...)` what the shell that runs it should do.',
  since: '0.1.0',
  check({ makefiles, report }) {
    for (const makefile of makefiles) {
      if (!worlds.has(makefile.world) || !makefile.text.includes('shell')) continue
      for (const part of recipeTexts(makefile.syntax)) {
        const finding = findingIn(part, makefile)
        if (finding) report(finding)
      }
    }
  },
})

const worlds: ReadonlySet<World> = new Set(['kbuild', 'top', 'core'])

/** One finding a line or variable: the worst call in it, the others beside it. */
function findingIn(part: RecipeText, makefile: MakefileView): Report | null {
  const { text, path } = makefile
  const deciding = new Set(callsOf(part.expr, 'if').flatMap(({ args }) => (args[0] ? callsOf(args[0], 'shell') : [])))
  const calls = callsOf(part.expr, 'shell').flatMap((call) => {
    const purpose = purposeOf(commandText(call), text)
    const isValue = purpose === 'reads' && isOwnText(part) && !deciding.has(call)
    return purpose === 'acts' || isValue ? [{ call, purpose }] : []
  })
  const worst = calls.find(({ purpose }) => purpose === 'acts') ?? calls[0]
  if (!worst) return null
  const others = calls.filter(({ call }) => call !== worst.call)
  return {
    at: { file: path, ...worst.call.range },
    ...(worst.purpose === 'acts' && { severity: 'error' }),
    message: messageFor(worst.purpose, shown(worst.call, text), ownerOf(part, text)),
    related: others.map(({ call }) => ({ at: { file: path, ...call.range }, message: 'and here' })),
    ...suggest(
      [worst, ...others].map(({ call }) => call),
      part,
      makefile,
    ),
  }
}

function commandText(call: Call): Expr {
  return call.args[0] ?? { range: call.range, parts: [] }
}

/** Whether a text is a command as it stands: a recipe line, or `cmd_X`. */
function isOwnText(part: RecipeText): boolean {
  return part.kind === 'line' || part.isCommand
}

function ownerOf(part: RecipeText, text: string): string {
  if (part.kind === 'variable')
    return part.isCommand ? `\`${part.definition.name}\`` : `\`${part.definition.name}\`, which a recipe uses,`
  return `the recipe of \`${oneLine(textOf(text, part.rule.rule.targets), 40)}\``
}

function messageFor(purpose: 'acts' | 'reads', call: string, owner: string): string {
  return purpose === 'acts'
    ? `\`${call}\` in ${owner} runs before the recipe does, and under \`make -n\`, and may fail unnoticed`
    : `\`${call}\` in ${owner} runs before the recipe does, and may fail unnoticed`
}

function shown(call: Call, text: string): string {
  return oneLine(textOf(text, call), 60)
}

function oneLine(text: string, length: number): string {
  const line = text.replaceAll(/\s*\\\n\s*|\s+/g, ' ')
  return line.length <= length ? line : `${line.slice(0, length - 3)}...`
}

/** `$$(...)` for all calls, where each stands in a word of the shell, outside single quotes: one that is left is told next. */
function suggest(calls: readonly Call[], part: RecipeText, { path, text }: MakefileView): Pick<Report, 'suggestion'> {
  const pieces = commandsOf(part.expr, text).flatMap(({ words, assignments }) =>
    [...assignments, ...words].flatMap((word) => word.pieces),
  )
  const edits = calls.flatMap((call) => {
    const isWord = pieces.some((piece) => piece.kind === 'reference' && piece.reference === call && piece.quote !== "'")
    const head = /^\$[({]shell\s*/.exec(textOf(text, call))?.[0]
    if (!isWord || head === undefined || !text.startsWith(')', call.range.end - 1)) return []
    return [{ at: { file: path, start: call.range.start, end: call.range.start + head.length }, text: '$$(' }]
  })
  return edits.length < calls.length ? {} : { suggestion: { message: "let the recipe's own shell do it", edits } }
}
