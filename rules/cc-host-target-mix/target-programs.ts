import { exprWords, textOf } from '../../src/make/expr-text.ts'
import { rulesWithRecipes } from '../../src/make/recipes.ts'
import { commandsOfRule } from '../../src/review/recipe-commands.ts'
import { definitionsByName } from '../../src/review/recipe-variables.ts'
import type { MakefileView } from '../../src/review/rule.ts'
import { commandsOf, type SimpleCommand } from '../../src/review/shell-commands.ts'
import { programVariable, programWord } from '../../src/review/shell-program.ts'
import { scriptsOf } from '../../src/review/shell-scripts.ts'
import { literalOf } from '../../src/review/shell-words.ts'
import type { Misuse } from './toolchain-words.ts'

/** Where a program is run that a rule of the same file links for the target, with `$(CC)`. */
export function runsOfTargetPrograms({ syntax, text }: MakefileView): readonly Misuse[] {
  const programs = /\$[({]CC[)}]/.test(text) ? targetPrograms({ syntax, text }) : new Set<string>()
  if (programs.size === 0) return []
  return scriptsOf(syntax)
    .flatMap(({ expr }) => commandsOf(expr, text))
    .flatMap((command) => {
      const word = programWord(command)
      const name = word === null ? '' : text.slice(word.start, word.end)
      if (word === null || !programs.has(name)) return []
      const message = `\`${name}\` is linked with \`$(CC)\`, for the target, and run on the host: it belongs into \`hostprogs\``
      return [{ range: { start: word.start, end: word.end }, message }]
    })
}

/** The targets, as they are written, that a recipe links with `$(CC)`. */
function targetPrograms({ syntax, text }: Pick<MakefileView, 'syntax' | 'text'>): ReadonlySet<string> {
  const definitions = definitionsByName(syntax)
  const linked = rulesWithRecipes(syntax).filter((rule) => commandsOfRule(syntax, rule, definitions).some(linksProgram))
  return new Set(linked.flatMap(({ rule }) => exprWords(text, rule.targets).map((word) => textOf(text, word))))
}

/** Options with which a compiler makes something else than a program that could be run. */
const otherOutput = /^-(?:c|S|E|M|MM|r|shared|nostdlib|dM|print-.*|fsyntax-only)$/

function linksProgram(command: SimpleCommand): boolean {
  const options = command.words.map((word) => literalOf(word) ?? '')
  const { makefile } = command.source
  const isOutput = command.words.some(
    (word, at) => options[at - 1] === '-o' && makefile.slice(word.start, word.end) === '$@',
  )
  return programVariable(command) === 'CC' && isOutput && !options.some((option) => otherOutput.test(option))
}
