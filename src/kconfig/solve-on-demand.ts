/** A set of at most 31 things, a bit for each. */
export type Bits = number

/** The set of a name. */
export type BitsOf = (name: string) => Bits

/** How many names are followed from one to the next: each by some calls, and memory for those is limited. Most of Linux 6.12 take less. */
const maxDepth = 20

/**
 * The least sets that names have where the set of each follows from those of others: the more these have the more it has. Worked out for
 * what is asked for and what decides on that, and kept. `rule` gives the set of a name by asking for others, and need ask for no more once it
 * has `all`.
 */
export function solveOnDemand(rule: (name: string, ask: BitsOf) => Bits, all: Bits): BitsOf {
  const found = new Map<string, Bits>()
  /** Names under way, and those whose sets may grow: they rest on names under way, or on some too far away to be followed. */
  const unsure = new Set<string>()
  /** Unsure names to go over, while that is done. */
  let waiting: Set<string> | null = null
  /** Grows with each unsure set that is met. */
  let doubts = 0
  let depth = 0
  const ask = (name: string): Bits => {
    const known = found.get(name)
    if (known !== undefined) {
      if (unsure.has(name)) doubts++
      return known
    }
    if (depth < maxDepth) return look(name)
    doubts++
    return 0
  }
  const look = (name: string): Bits => {
    const before = doubts
    found.set(name, 0)
    unsure.add(name)
    depth++
    const bits = rule(name, ask)
    depth--
    found.set(name, bits)
    // With all that there is, what may still grow does not matter.
    if (bits === all) doubts = before
    if (doubts === before) unsure.delete(name)
    else waiting?.add(name)
    return bits
  }
  /** Goes over unsure names, and over those that asked for one that has grown, until none does: what they have then they have without each other. */
  const settle = (): void => {
    const askers = new Map<string, Set<string>>()
    waiting = new Set(unsure)
    for (const name of waiting) {
      waiting.delete(name)
      const bits = rule(name, (other) => {
        const others = ask(other)
        if (unsure.has(other)) askers.set(other, (askers.get(other) ?? new Set()).add(name))
        return others
      })
      if (bits === found.get(name)) continue
      found.set(name, bits)
      if (bits === all) unsure.delete(name)
      for (const asker of askers.get(name) ?? []) waiting.add(asker)
    }
    waiting = null
    unsure.clear()
  }
  return (name) => {
    const bits = ask(name)
    if (unsure.size === 0) return bits
    settle()
    return found.get(name) ?? bits
  }
}
