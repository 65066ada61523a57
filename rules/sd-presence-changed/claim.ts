import type { Patch } from '../../src/series/series.ts'

/** What a patch says of itself, and how: `strong` says that nothing changes, `weak` names work that changes nothing by itself. */
export type Claim = { readonly words: string; readonly kind: 'strong' | 'weak' }

const nothingChanges =
  /\bno(?:t any)? (?:intended |intentional |actual |real )?functional changes?\b|\bno (?:change|difference) in (?:behaviou?r|functionality)\b|\bno behaviou?ral changes?\b|\bNFC\b|\bwithout (?:any )?functional changes?\b/i

const work = /\bclean(?:ing)?[ -]?ups?\b|\brefactor(?:s|ed|ing)?\b|\bmov(?:e|es|ing)\b|\brenam(?:e|es|ing)\b/i

/** The words by which a patch says that it changes nothing in what is built; null where it does not say so. */
export function claimOf({ title, log }: Pick<Patch, 'title' | 'log'>): Claim | null {
  const strong = nothingChanges.exec(`${title}\n${log}`.replaceAll(/\s+/g, ' '))
  if (strong !== null) return { words: strong[0], kind: 'strong' }
  const weak = work.exec(title)
  return weak === null ? null : { words: weak[0], kind: 'weak' }
}

/** Words of a log that tell of a change of what is built. */
const tells =
  /\b(?:also|now|only|instead|always|unconditionally|no longer|any ?more|depends?|dependency|enabled?|disabled?|drop(?:s|ped)?|remov(?:e|es|ed|al)|unused|select(?:s|ed)?|when|even if|unless)\b/i

/** Whether a patch that names some work tells itself of a change: in words like `now`, or by the names of what changes. */
export function tellsOf({ title, log }: Pick<Patch, 'title' | 'log'>, names: readonly string[]): boolean {
  const text = withoutTrailers(`${title}\n${log}`)
  return tells.test(text) || names.some((name) => text.includes(name))
}

/** `Suggested-by: ...` and the like: the name of a person is none of a symbol's. */
function withoutTrailers(text: string): string {
  return text.replaceAll(/^[A-Z][A-Za-z-]*: .*$/gm, '')
}
