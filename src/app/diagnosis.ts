/** One thing that was looked at. `missing` takes something away, `broken` keeps the review itself from working. */
export type Diagnosis = {
  readonly what: string
  readonly state: 'ok' | 'missing' | 'broken'
  readonly detail: string
  /** What to do about it; empty where all is well. */
  readonly advice: string
}
