/**
 * Reduced ordered binary decision diagrams (Bryant 1986) in typed arrays: a function is the number of its node, and two
 * functions are equal exactly where their numbers are. What the levels mean is the business of `conditions.ts`.
 */

/** A boolean function over levels: `never`, `always`, or the number of a node. */
export type NodeId = number

export const falseNode: NodeId = 0
export const trueNode: NodeId = 1

/** The level of the two constants: below every variable. */
export const constantLevel = 0x7fffffff

/** A function became larger than the diagram may grow; whoever asked for it does not know its value. */
export class DiagramTooLarge extends Error {
  readonly code = 'diagram-too-large'
}

/** How many nodes some work may make, and how many pairs of nodes it may look at: a step is some 50 ns. */
export type Bounds = { readonly nodes: number; readonly steps: number }

export type Bdd = {
  /** The node `level ? high : low`; both must lie on levels below. */
  readonly node: (level: number, low: NodeId, high: NodeId) => NodeId
  readonly and: (left: NodeId, right: NodeId) => NodeId
  readonly or: (left: NodeId, right: NodeId) => NodeId
  readonly not: (of: NodeId) => NodeId
  readonly level: (of: NodeId) => number
  readonly low: (of: NodeId) => NodeId
  readonly high: (of: NodeId) => NodeId
  /** The marks of the levels that a function depends on, together. */
  readonly marks: (of: NodeId) => number
  /** How many nodes there are, the two constants included. */
  readonly size: () => number
  /** All nodes but the constants, in the order of their numbers: level, low and high of each. */
  readonly dump: () => Int32Array
  /** Takes over what `dump` gave, so that every function keeps its number; false where this is not empty, or that is none of it. */
  readonly restore: (nodes: Int32Array) => boolean
  /**
   * Does some work that may make this many nodes more, within the limit of the diagram, and take this many steps. What is done
   * inside of it within bounds of its own counts too.
   */
  readonly bounded: <Result>(bounds: Bounds, work: () => Result) => Result
  /** How many steps the work that is under way may still take; infinite where it has no bounds. */
  readonly stepsLeft: () => number
  /** Counts steps of some other work as taken. It never throws: the next operation does, where that were too many. */
  readonly charge: (steps: number) => void
}

const opAnd = 0
const opOr = 1
const opXor = 2
type Op = typeof opAnd | typeof opOr | typeof opXor

/** Hashes three small integers to 32 bits; the multipliers are the odd constants of xxHash32. */
function hash3(a: number, b: number, c: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77) ^ Math.imul(c, 0xc2b2ae3d)
  h ^= h >>> 15
  return Math.imul(h, 0x27d4eb2f) >>> 0
}

/** A result that is not known yet. */
const unknownNode = -1

/** What `op` gives without looking below, or `unknownNode`. */
function shortcut(op: Op, a: NodeId, b: NodeId): NodeId {
  if (op === opAnd) {
    if (a === b || b === trueNode) return a
    if (a === trueNode) return b
    return a === falseNode || b === falseNode ? falseNode : unknownNode
  }
  if (op === opOr) {
    if (a === b || b === falseNode) return a
    if (a === falseNode) return b
    return a === trueNode || b === trueNode ? trueNode : unknownNode
  }
  if (a === b) return falseNode
  if (a === falseNode) return b
  return b === falseNode ? a : unknownNode
}

/** An array twice as long with the same start. */
function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(array.length * 2)
  longer.set(array)
  return longer
}

/**
 * A diagram that throws `DiagramTooLarge` past `maxNodes` nodes; `markOf` gives each level some of eight marks. No operation
 * recurses: there can be as many levels as a tree has symbols.
 */
export function createBdd(maxNodes: number, markOf: (level: number) => number): Bdd {
  let limit = maxNodes
  let steps = 0
  let maxSteps = Infinity
  let capacity = 256
  /** Level, low, high and marks of each node, side by side as they are looked at together. */
  let nodes = new Int32Array(capacity * 4)
  let count = 2
  nodes[falseNode * 4] = nodes[trueNode * 4] = constantLevel
  /** Open addressing, node numbers; 0 is free, as `false` is never looked up. */
  let table = new Int32Array(capacity * 2)
  /** A direct-mapped memo of [op and a, b, result] in fours. A collision forgets; it never gives a wrong result. */
  let memo = new Int32Array(capacity * 4).fill(-1)

  const level = (of: NodeId): number => nodes[of * 4] ?? constantLevel
  const low = (of: NodeId): NodeId => nodes[of * 4 + 1] ?? falseNode
  const high = (of: NodeId): NodeId => nodes[of * 4 + 2] ?? falseNode
  const marks = (of: NodeId): number => nodes[of * 4 + 3] ?? 0

  const slotOf = (at: number, below: NodeId, above: NodeId): number => {
    const mask = table.length - 1
    let slot = hash3(at, below, above) & mask
    for (;;) {
      const found = table[slot] ?? 0
      if (found === 0 || (level(found) === at && low(found) === below && high(found) === above)) return slot
      slot = (slot + 1) & mask
    }
  }

  const grow = (): void => {
    capacity *= 2
    nodes = doubled(nodes)
    table = new Int32Array(capacity * 2)
    for (let id = 2; id < count; id++) table[slotOf(level(id), low(id), high(id))] = id
    const known = memo
    memo = new Int32Array(capacity * 4).fill(-1)
    for (let at = 0; at < known.length; at += 4) {
      const key = known[at] ?? -1
      if (key !== -1) memorise(key, known[at + 1] ?? 0, known[at + 2] ?? 0)
    }
  }

  const node = (at: number, below: NodeId, above: NodeId): NodeId => {
    if (below === above) return below
    const slot = slotOf(at, below, above)
    const found = table[slot] ?? 0
    if (found !== 0) return found
    if (count >= limit) throw new DiagramTooLarge('a condition needs too many nodes')
    if (count === capacity) {
      grow()
      return node(at, below, above)
    }
    const start = count * 4
    nodes[start] = at
    nodes[start + 1] = below
    nodes[start + 2] = above
    nodes[start + 3] = markOf(at) | marks(below) | marks(above)
    table[slot] = count
    return count++
  }

  const memoSlot = (key: number, b: NodeId): number => (hash3(key, b, 0) & (capacity - 1)) * 4

  const memorise = (key: number, b: NodeId, result: NodeId): void => {
    const slot = memoSlot(key, b)
    memo[slot] = key
    memo[slot + 1] = b
    memo[slot + 2] = result
  }

  /** What is known of `a op b` without a step down, or `unknownNode`. */
  const known = (op: Op, a: NodeId, b: NodeId): NodeId => {
    const quick = shortcut(op, a, b)
    if (quick !== unknownNode) return quick
    const slot = memoSlot(a * 3 + op, b)
    return memo[slot] === a * 3 + op && memo[slot + 1] === b ? (memo[slot + 2] ?? unknownNode) : unknownNode
  }

  /** Frames of `apply` of four numbers: a, b, the level they split at, and the low half's result. */
  let stack = new Int32Array(64 * 4)

  const apply = (op: Op, left: NodeId, right: NodeId): NodeId => {
    let top = 0
    let a = Math.min(left, right)
    let b = Math.max(left, right)
    for (;;) {
      let result = known(op, a, b)
      if (result === unknownNode) {
        if (++steps > maxSteps) throw new DiagramTooLarge('a condition takes too many steps')
        const levelA = level(a)
        const levelB = level(b)
        const at = Math.min(levelA, levelB)
        if (top === stack.length) stack = doubled(stack)
        stack[top] = a
        stack[top + 1] = b
        stack[top + 2] = at
        stack[top + 3] = unknownNode
        top += 4
        const nextA = levelA === at ? low(a) : a
        const nextB = levelB === at ? low(b) : b
        a = Math.min(nextA, nextB)
        b = Math.max(nextA, nextB)
        continue
      }
      for (;;) {
        if (top === 0) return result
        const frameA = stack[top - 4] ?? 0
        const frameB = stack[top - 3] ?? 0
        const at = stack[top - 2] ?? 0
        const lowResult = stack[top - 1] ?? unknownNode
        if (lowResult === unknownNode) {
          stack[top - 1] = result
          const nextA = level(frameA) === at ? high(frameA) : frameA
          const nextB = level(frameB) === at ? high(frameB) : frameB
          a = Math.min(nextA, nextB)
          b = Math.max(nextA, nextB)
          break
        }
        result = node(at, lowResult, result)
        memorise(frameA * 3 + op, frameB, result)
        top -= 4
      }
    }
  }

  const bounded = <Result>(bounds: Bounds, work: () => Result): Result => {
    const before = { limit, maxSteps }
    limit = Math.min(limit, count + bounds.nodes)
    maxSteps = Math.min(maxSteps, steps + bounds.steps)
    try {
      return work()
    } finally {
      limit = before.limit
      maxSteps = before.maxSteps
    }
  }

  const dump = (): Int32Array => {
    const dumped = new Int32Array((count - 2) * 3)
    for (let id = 2, at = 0; id < count; id++) {
      dumped[at++] = level(id)
      dumped[at++] = low(id)
      dumped[at++] = high(id)
    }
    return dumped
  }

  const restore = (dumped: Int32Array): boolean => {
    if (count !== 2 || dumped.length % 3 !== 0 || dumped.length / 3 + 2 > limit) return false
    while (capacity < dumped.length / 3 + 2) grow()
    for (let at = 0; at < dumped.length; at += 3) {
      const [made, split, below, above] = [count, dumped[at] ?? -1, dumped[at + 1] ?? -1, dumped[at + 2] ?? -1]
      const isOrdered = below >= 0 && above >= 0 && below < made && above < made && below !== above
      if (!isOrdered || split < 0 || split >= Math.min(level(below), level(above))) return false
      if (node(split, below, above) !== made) return false
    }
    return true
  }

  return {
    bounded,
    dump,
    restore,
    stepsLeft: () => Math.max(0, maxSteps - steps),
    charge: (more) => {
      steps += more
    },
    node,
    level,
    low,
    high,
    marks,
    and: (a, b) => apply(opAnd, a, b),
    or: (a, b) => apply(opOr, a, b),
    not: (of) => apply(opXor, of, trueNode),
    size: () => count,
  }
}
