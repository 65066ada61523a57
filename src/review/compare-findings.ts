import type { Finding } from './finding.ts'

/** By patch, then by place, then by rule: the order in which every face tells them. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    (a.patch ?? 0) - (b.patch ?? 0) ||
    compareText(a.path, b.path) ||
    a.line - b.line ||
    a.column - b.column ||
    compareText(a.rule, b.rule) ||
    compareText(a.key, b.key)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
