import type { Evaluation, Setting } from '../make/evaluation.ts'

/** Gives a text of the makefile before with the names that its variables have after. */
export type Renaming = (text: string) => string

type Options = {
  readonly old: Evaluation
  readonly young: Evaluation
  /** The right side of an assignment, as it is written before and after. */
  readonly oldText: (setting: Setting) => string
  readonly youngText: (setting: Setting) => string
}

/**
 * What a change of a makefile only renames: variables that it had and has no more, each with the one new variable that is assigned the same
 * under the same conditions. A name that is put together, `$(list-$(X))`, is no reference to it here: such a text stays as it is.
 */
export function renamedVariables({ old, young, oldText, youngText }: Options): Renaming {
  const [was, is] = [settingsByName(old), settingsByName(young)]
  const gone = signatures(was, is, oldText)
  const born = signatures(is, was, youngText)
  const names = new Map<string, string>()
  for (const [signature, [name, ...more]] of gone) {
    const [other, ...others] = born.get(signature) ?? []
    if (name !== undefined && other !== undefined && more.length + others.length === 0) names.set(name, other)
  }
  if (names.size === 0) return (text) => text
  return (text) => text.replace(/(?<=\$[({])[^\s$(){}:,]+(?=[)}:])/g, (name) => names.get(name) ?? name)
}

type Settings = ReadonlyMap<string, readonly Setting[]>

function settingsByName({ settings }: Evaluation): Settings {
  return Map.groupBy(settings, ({ name }) => name)
}

/** The variables that the other side has not, by what they are assigned, their own names left out. */
function signatures(
  own: Settings,
  other: Settings,
  textOf: (setting: Setting) => string,
): ReadonlyMap<string, readonly string[]> {
  const names = [...own.keys()].filter((name) => !other.has(name))
  return Map.groupBy(names, (name) =>
    JSON.stringify(
      own
        .get(name)
        ?.map((each) => [
          each.op,
          each.when,
          textOf(each).replaceAll(new RegExp(`(?<=\\$[({])${literal(name)}(?=[)}:])`, 'g'), ''),
        ]),
    ),
  )
}

function literal(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
