import { similarName } from '../kconfig/similar-name.ts'
import { oncePer } from '../text/once-per.ts'

/** The one of some names that another is a misspelling of, as `similarName` has it; it is asked only of those that are as long. */
export function similarSymbol(name: string, names: ReadonlySet<string>): string | null {
  const known = namesByLength(names)
  const lengths = [name.length - 1, name.length, name.length + 1]
  return similarName(
    name,
    lengths.flatMap((length) => known.get(length) ?? []),
  )
}

/** A whole kernel has 20,000, and names by the dozen that none of them is. */
const namesByLength = oncePer((names: ReadonlySet<string>) => Map.groupBy(names, ({ length }) => length))
