import type { Finding, Severity } from '../review/finding.ts'

/** The least severity that makes the exit status 1. */
export type FailOn = 'error' | 'warning' | 'never'

const counted: Readonly<Record<FailOn, readonly Severity[]>> = {
  error: ['error'],
  warning: ['error', 'warning'],
  never: [],
}

/** Whether findings make the exit status 1. */
export function fails(findings: readonly Finding[], failOn: FailOn): boolean {
  return findings.some(({ severity }) => counted[failOn].includes(severity))
}
