import { createHash } from 'node:crypto'
import type { Report } from './finding.ts'

/**
 * What a finding is about, apart from its rule and path: the subject that the rule gives, else its message and the text
 * it points at. White space is made single and line numbers in the message are dropped, so that neither a changed
 * indentation nor a line added above makes another finding of it.
 */
export function identityOf(report: Report, text: string): string {
  if (report.subject !== undefined) return report.subject
  const pointed = text.slice(report.at.start, report.at.end)
  const message = report.message.replaceAll(/\blines? \d+/g, 'line')
  return `${collapse(message)}\n${collapse(pointed)}`
}

/** `\` at the end of a line is white space to make, and so it is here. */
function collapse(text: string): string {
  return text.replaceAll('\\\n', ' ').replaceAll(/\s+/g, ' ').trim()
}

/** What two findings have in common when they are the same one in two trees. `path` is that of the later tree. */
export type Fingerprint = { readonly rule: string; readonly path: string; readonly identity: string }

/** A fingerprint as a string, for maps. */
export function fingerprintOf({ rule, path, identity }: Fingerprint): string {
  return JSON.stringify([rule, path, identity])
}

/** The key of a finding; `ordinal` tells those of the same fingerprint apart, in the order of the file, from 0. */
export function keyOf(fingerprint: Fingerprint, ordinal: number): string {
  const { rule, path, identity } = fingerprint
  return createHash('sha256')
    .update(JSON.stringify([rule, path, identity, ordinal]))
    .digest('hex')
    .slice(0, keyLength)
}

/** 96 bits: no two findings of a list's lifetime meet. */
const keyLength = 24
