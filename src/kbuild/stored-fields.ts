import type { Cond } from '../cond/conditions.ts'

/** What was read from a store is not what was put there. */
export class UnfitStore extends Error {
  readonly code = 'unfit-store'
}

/** Readers of single values of data that may be anything; each throws `UnfitStore` for what is not what it reads. */
export type Fields = {
  readonly array: (value: unknown) => readonly unknown[]
  readonly record: (value: unknown) => Readonly<Record<string, unknown>>
  readonly text: (value: unknown) => string
  readonly texts: (value: unknown) => readonly string[]
  /** A whole number that is not negative. */
  readonly count: (value: unknown) => number
  /** A condition of as many as there are. */
  readonly cond: (value: unknown) => Cond
  /** A file by its place in the table of files. */
  readonly file: (value: unknown) => string
}

/** Readers for a store with this many conditions, and these files. */
export function createFields(conds: number, files: readonly string[]): Fields {
  const array = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : unfit())
  const text = (value: unknown): string => (typeof value === 'string' ? value : unfit())
  const below = (value: unknown, end: number): number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < end ? value : unfit()
  return {
    array,
    // Any object can be read as a record of what nobody knows.
    record: (value) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : unfit()),
    text,
    texts: (value) => array(value).map(text),
    count: (value) => below(value, Infinity),
    cond: (value) => below(value, conds),
    file: (value) => files[below(value, files.length)] ?? unfit(),
  }
}

function unfit(): never {
  throw new UnfitStore('the store holds something else')
}
