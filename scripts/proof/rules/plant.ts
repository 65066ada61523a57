import type { Knowledge } from '../../../src/review/knowledge.ts'
import type { Tree } from '../../../src/text/tree.ts'
import type { Random } from '../mutate-mail.ts'

/** A file as it is after a change; null where it is deleted. */
export type Edit = { readonly path: string; readonly text: string | null }

/** A defect at a real place of a kernel. */
export type Plant = {
  /** The files that a rule may point at. */
  readonly at: readonly string[]
  /** What was done, with the words that it was done to. */
  readonly describe: string
  readonly edits: readonly Edit[]
  /** What the patch says, and to whom, where the defect is in that. */
  readonly message?: { readonly log?: string; readonly to?: string }
}

/** A kernel that defects are planted in. */
export type Kernel = {
  readonly tree: Tree
  readonly knowledge: Knowledge
  readonly random: Random
  /** Build files by their paths, in a random order that the seed determines. */
  readonly paths: readonly string[]
  /** Makefiles among them that a makefile above leads to, of the kernel's own build. */
  readonly reached: readonly string[]
}

/** Plants the defect that a rule is about; each place is another one, and in another file as long as there are files. */
export type Mutator = {
  readonly rule: string
  /** Rules that name the same defect: one of them is as good. */
  readonly also?: readonly string[]
  readonly plants: (kernel: Kernel) => Iterable<Plant>
}

/** One of them; undefined where there is none. */
export function pick<T>(among: readonly T[], random: Random): T | undefined {
  return among[Math.floor(random() * among.length)]
}

/** The same in another order, which the random numbers determine (Fisher and Yates). */
export function shuffled<T>(items: Iterable<T>, random: Random): readonly T[] {
  const all: T[] = [...items]
  for (let at = all.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const [one, two] = [all[at], all[other]]
    if (one === undefined || two === undefined) continue
    all[at] = two
    all[other] = one
  }
  return all
}

/** Takes from each of several sources in turn, so that no kind of plant is crowded out by another. */
export function* inTurn<T>(...sources: readonly Iterable<T>[]): Iterable<T> {
  let open = sources.map((source) => source[Symbol.iterator]())
  while (open.length > 0) {
    const still: Iterator<T>[] = []
    for (const source of open) {
      const next = source.next()
      if (next.done === true) continue
      yield next.value
      still.push(source)
    }
    open = still
  }
}
