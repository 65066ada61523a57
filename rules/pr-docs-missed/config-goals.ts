import type { Span } from '../../src/text/span.ts'

/** A goal that makes a configuration: a PHONY target whose name ends in `config`, which nobody but the user makes. */
export type ConfigGoal = Span & { readonly name: string }

/** The makefiles that say themselves in `make help` what can be configured. */
export const listsConfigGoals = /^(arch\/[^/]+|scripts\/kconfig)\/Makefile$/

/** The goals that have a rule line of their own in a makefile. */
export function configGoals(text: string, file: string): readonly ConfigGoal[] {
  const phony = new Set(
    [...text.matchAll(/^PHONY[ \t]*[:+]?=(.*)$/gm)].flatMap(([, names = '']) => names.trim().split(/\s+/)),
  )
  const lines = [...text.matchAll(/^([A-Za-z0-9][\w.-]*config):(?![:=])/gm)]
  return lines.flatMap(({ index, 1: name = '' }) =>
    phony.has(name) ? [{ name, file, start: index, end: index + name.length }] : [],
  )
}

/** What a makefile prints for `make help`: the body of `archhelp`, or the recipe of `help`; null where it prints nothing. */
export function helpText(text: string): string | null {
  const defined = /^define archhelp\b[^\n]*\n([^]*?)^endef$/m.exec(text)
  const recipe = /^(?:arch)?help:[^\n]*\n((?:\t[^\n]*\n|\n)*)/m.exec(text)
  return defined?.[1] ?? recipe?.[1] ?? null
}

/** Whether the help names a goal, or a kind of goals with a placeholder: `*_defconfig`, `<board>_defconfig`, `%_defconfig`. */
export function isNamedIn(help: string, name: string): boolean {
  return help.split(/[\s'"`,;:()]+/).some((word) => {
    if (word === name) return true
    const ending = /[*%>}\]]([\w.-]*config)$/.exec(word)?.[1]
    return ending !== undefined && name.endsWith(ending)
  })
}
