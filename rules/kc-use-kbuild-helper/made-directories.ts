import type { Expr, Makefile, Range } from '../../src/make/cst.ts'
import { exprWords, literalText, textOf } from '../../src/make/expr-text.ts'
import { rulesWithRecipes, type RuleWithRecipes } from '../../src/make/recipes.ts'
import { commandsOfRule } from '../../src/review/recipe-commands.ts'
import { definitionsByName, type Definition } from '../../src/review/recipe-variables.ts'
import type { SimpleCommand } from '../../src/review/shell-commands.ts'
import { programName } from '../../src/review/shell-program.ts'

/** A `mkdir -p` of a directory that is there already, and why it is. */
export type MadeDirectory = { readonly range: Range; readonly target: string }

/**
 * The `mkdir -p $(dir $@)` of recipes whose targets are all in `targets`: scripts/Makefile.build makes the directories of those
 * before anything is built. Lists in variables of the file are read; with any other the directory may be needed.
 */
export function madeDirectories({
  syntax,
  text,
}: {
  readonly syntax: Makefile
  readonly text: string
}): readonly MadeDirectory[] {
  const definitions = definitionsByName(syntax)
  const listed = listedTargets(text, definitions)
  const found = new Map<number, MadeDirectory>()
  const needed = new Set<number>()
  for (const rule of rulesWithRecipes(syntax)) {
    const target = textOf(text, rule.rule.targets)
    for (const { start, end } of commandsOfRule(syntax, rule, definitions).filter((command) =>
      makesOwnDirectory(command, text),
    )) {
      if (isListed(rule, listed, text)) found.set(start, { range: { start, end }, target })
      else needed.add(start)
    }
  }
  return [...found.values()].filter(({ range }) => !needed.has(range.start))
}

const ownDirectory: ReadonlySet<string> = new Set(['$(dir $@)', '$(@D)', '"$(dir $@)"', '"$(@D)"'])

function makesOwnDirectory(command: SimpleCommand, text: string): boolean {
  const [, option, directory, ...more] = command.words.map((word) => text.slice(word.start, word.end))
  return programName(command) === 'mkdir' && option === '-p' && ownDirectory.has(directory ?? '') && more.length === 0
}

/** The words of `targets`, those of variables in it too. */
function listedTargets(text: string, definitions: ReadonlyMap<string, readonly Definition[]>): ReadonlySet<string> {
  const words = new Set<string>()
  const seen = new Set<string>()
  const waiting = ['targets']
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    for (const word of (definitions.get(name) ?? []).flatMap(({ value }) => exprWords(text, value))) {
      const listed = literalText(text, word)
      const inner = variableIn(word, text)
      if (listed !== null) words.add(listed)
      else if (inner !== null) waiting.push(inner)
    }
  }
  return words
}

function variableIn(word: Expr, text: string): string | null {
  const [part, ...more] = word.parts
  return part?.kind === 'variable' && more.length === 0 ? literalText(text, part.name) : null
}

function isListed({ rule }: RuleWithRecipes, listed: ReadonlySet<string>, text: string): boolean {
  const targets = exprWords(text, rule.targets).map((word) => /^\$\(obj\)\/(.+)$/.exec(textOf(text, word))?.[1])
  return targets.length > 0 && targets.every((target) => target !== undefined && listed.has(target))
}
