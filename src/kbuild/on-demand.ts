/** Works out a value from those of other names. */
export type ValueRule = (name: string, of: (name: string) => number) => number

export type OnDemandLimits = {
  /** All bits that a value may have; taken for that of a name where too much is under way. */
  readonly top: number
  /** How many names may be worked out; those of a circle are so again and again. */
  readonly visits: number
}

/** Names that hang on each other in a row: the longest rows of symbols in Linux 6.12 have some 20. */
const maxDepth = 200

/**
 * The least values that a rule allows names, each worked out when it is asked for, and what it hangs on: more bits of one never mean fewer
 * of another. A name that is asked for while it is worked out has no bits yet; what rested on that is not kept.
 */
export function onDemand(rule: ValueRule, { top, visits }: OnDemandLimits): (name: string) => number {
  const known = new Map<string, number>()
  /** The names that are worked out, by how deep. */
  const open = new Map<string, number>()
  let left = visits
  /** How deep the first name is that what is worked out rests on unfinished. */
  let unfinished = Infinity
  const of = (name: string): number => {
    const found = known.get(name)
    if (found !== undefined) return found
    const own = open.get(name)
    if (own !== undefined) {
      unfinished = Math.min(unfinished, own)
      return 0
    }
    const depth = open.size
    if (depth >= maxDepth || left-- <= 0) return top
    const before = unfinished
    unfinished = Infinity
    open.set(name, depth)
    const value = rule(name, of)
    open.delete(name)
    const isFinal = value === top || unfinished >= depth
    if (isFinal) known.set(name, value)
    unfinished = isFinal ? before : Math.min(before, unfinished)
    return value
  }
  return of
}
