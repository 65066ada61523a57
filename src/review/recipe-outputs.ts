import type { Cond } from '../cond/conditions.ts'
import type { RecipeLine } from '../make/rule.ts'
import { parseText } from '../make/script.ts'
import type { Span } from '../text/span.ts'
import { commandsOf } from './shell-commands.ts'
import { onlySays } from './shell-effects.ts'
import { filesWritten } from './shell-files.ts'
import { literalOf } from './shell-words.ts'

/** A file that a recipe writes, by a name that is written out. */
export type RecipeOutput = { readonly text: string; readonly when: Cond; readonly origin: Span }

/** The files that a line of a recipe writes; what `$@` and variables stand for is left out, and so are commands in variables. */
export function recipeOutputs({ text, when, origin }: RecipeLine): readonly RecipeOutput[] {
  const { script, expr } = parseText(text, origin.file, null)
  const isWritten = origin.end - origin.start === text.length
  return commandsOf(expr, script.makefile.text)
    .flatMap(filesWritten)
    .flatMap((word) => {
      const name = literalOf(word)
      const at = isWritten ? { start: origin.start + word.start, end: origin.start + word.end } : {}
      return name === null ? [] : [{ text: name, when, origin: { ...origin, ...at } }]
    })
}

/** Whether a recipe does nothing but say something: that its target is missing, mostly. It makes no file. */
export function makesNothing(recipe: readonly RecipeLine[]): boolean {
  return recipe.every(({ text, origin }) => {
    const { script, expr } = parseText(text, origin.file, null)
    const commands = commandsOf(expr, script.makefile.text)
    return commands.length > 0 && commands.every(onlySays)
  })
}
