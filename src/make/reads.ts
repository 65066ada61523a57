import type { Makefile } from './cst.ts'

/**
 * What a makefile asks of variables, and what for. One that only gives others their value, as `CC_FLAGS_FPU` does in
 * `dml_ccflags := $(CC_FLAGS_FPU)`, decides on nothing until one of those is asked for something else.
 */
export type Reads = {
  /** A variable is asked for. */
  readonly note: (name: string) => void
  /** Does some work whose result becomes the value of variables alone; what it asks for comes with it, for `giveTo`. */
  readonly apart: <T>(work: () => T) => Apart<T>
  /** What was asked for apart is in the value of a variable. */
  readonly giveTo: (name: string, asked: readonly string[]) => void
  /** Work was given up: whatever was asked for decides on how far it came. */
  readonly noteLimit: () => void
}

/** What some work gave, and the variables that it asked for. */
export type Apart<T> = { readonly value: T; readonly asked: readonly string[] }

/** Where nobody wants to know. */
export const unnoted: Reads = {
  note: () => undefined,
  apart: (work) => ({ value: work(), asked: [] }),
  giveTo: () => undefined,
  noteLimit: () => undefined,
}

/** Notes the reads of one evaluation. */
export type NotedReads = Reads & {
  /**
   * Says of variables whether anything hangs on them: a test, a name, a rule, an include or a question to the evaluation has asked for
   * them, or for a variable that may have their value in its own. Some more are among them, such as those overwritten since. Of one
   * that is not, any other value leads to the same, within the limits, where no makefile `mayHaveEffects`. What comes after is noted
   * no more.
   */
  readonly conclude: () => (name: string) => boolean
}

export function noteReads(): NotedReads {
  let deciding = new Set<string>()
  /** What is in the values of a variable. */
  let within = new Map<string, Set<string>>()
  /** What the work apart that is under way has asked for; null where none is. */
  let own: string[] | null = null
  let limits = 0
  let isConcluded = false
  const apart = <T>(work: () => T): Apart<T> => {
    const outer = own
    const asked: string[] = []
    own = asked
    try {
      return { value: work(), asked }
    } finally {
      own = outer
    }
  }
  const conclude = (): ((name: string) => boolean) => {
    const found = deciding
    // A set is gone through with what is added meanwhile.
    for (const name of found) within.get(name)?.forEach((each) => found.add(each))
    isConcluded = true
    deciding = new Set()
    within = new Map()
    return limits > 0 ? () => true : (name) => found.has(name)
  }
  return {
    note: (name) => {
      if (own !== null) own.push(name)
      else if (!isConcluded) deciding.add(name)
    },
    apart,
    giveTo: (name, asked) => {
      if (asked.length === 0 || isConcluded) return
      const given = within.get(name) ?? new Set()
      within.set(name, given)
      asked.forEach((each) => given.add(each))
    },
    noteLimit: () => {
      limits++
    },
    conclude,
  }
}

/**
 * Whether expanding a text of a makefile can do more than give a value: `$(eval ...)` sets variables, `$(error ...)` stops make. Then a
 * flag may decide on more than flags. It says yes of some more, such as one that has them in a comment.
 */
export function mayHaveEffects({ text }: Makefile): boolean {
  return withEffects.test(text)
}

/** These words, as functions or names that `call` may be given, and a call of what may be any. */
const withEffects = /\b(?:eval|error)\b|[({]call[\s\\](?:[^,)}]{0,200}\$|[^,)}]{200})/
