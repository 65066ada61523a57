import type { Expr } from '../../src/make/cst.ts'
import { textOf } from '../../src/make/expr-text.ts'
import { referencesOf } from '../../src/make/visit.ts'
import { commandsOf } from '../../src/review/shell-commands.ts'
import { changesFiles, printsAnything } from '../../src/review/shell-effects.ts'

/**
 * What the commands of a `$(shell ...)` are for: `acts` where they write or remove files and print nothing, `reads` where
 * they print what they find in what is built, `computes` where they only print.
 */
export type Purpose = 'acts' | 'reads' | 'computes'

/** What the text of a `$(shell ...)` of a makefile does. */
export function purposeOf(expr: Expr, text: string): Purpose {
  const commands = commandsOf(expr, text)
  if (!printsAnything(commands) && commands.some(changesFiles)) return 'acts'
  return namesFiles(expr, text) ? 'reads' : 'computes'
}

/** Automatic variables of make (manual 10.5.3), those that Kbuild derives from them, and the directory of what is built. */
const workedOn = /^(?:[@<^?*+|%][DF]?|real-prereqs|newer-prereqs|tmp-target|dot-target|obj)$/

/** What a build makes, by its usual names. */
const built = /(?:^|[\s/"'<])(?:vmlinux(?:\.\w+)?|[\w.-]+\.(?:o|a|ko|order|symvers))(?=$|[\s"';|)])/

function namesFiles(expr: Expr, text: string): boolean {
  const names = referencesOf(expr).map(({ name }) => textOf(text, name))
  return names.some((name) => workedOn.test(name)) || built.test(textOf(text, expr))
}
