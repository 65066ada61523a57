import type { Placed } from '../review/finding.ts'
import type { Records } from './store.ts'

/** A finding as it is remembered: what is needed to see whether somebody said it, and to explain it. */
export type KeptFinding = Pick<Placed, 'key' | 'rule' | 'severity' | 'path' | 'line' | 'source' | 'message'> & {
  readonly patch: number
}

/** Remembers what was found in a version, in place of what was found before. Findings outside of patches are left out. */
export async function putFindings(records: Records, version: number, findings: readonly Placed[]): Promise<void> {
  await records.deleteFrom('findings').where('version', '=', version).execute()
  for (const { patch, key, rule, severity, path, line, source, message } of findings) {
    if (patch === null) continue
    await records
      .insertInto('findings')
      .values({ version, patch, key, rule, severity, path, line, source, message })
      // one key twice in a patch is one finding at two places
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

/** What was found in a version, by patch and line. */
export async function findingsOf(records: Records, version: number): Promise<readonly KeptFinding[]> {
  const rows = await records
    .selectFrom('findings')
    .select(['patch', 'key', 'rule', 'severity', 'path', 'line', 'source', 'message'])
    .where('version', '=', version)
    .orderBy('patch')
    .orderBy('path')
    .orderBy('line')
    .orderBy('key')
    .execute()
  return rows.map((row) => ({ ...row, severity: severityOf(row.severity) }))
}

function severityOf(text: string): KeptFinding['severity'] {
  return text === 'error' || text === 'warning' ? text : 'info'
}
