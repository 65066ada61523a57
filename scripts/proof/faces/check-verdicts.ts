import { z } from 'zod'
import type { KernelCopy } from './kernel-copy.ts'

/** What `check` says of a patch: the findings that it tells by default, as `PATH:LINE:COLUMN RULE`, sorted; and the worst of them. */
export type Verdict = {
  readonly told: readonly string[]
  readonly worst: 'error' | 'warning' | null
}

const placed = z.object({
  rule: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  path: z.string(),
  line: z.number(),
  column: z.number(),
  introducedBy: z.string().nullable(),
})
const reviews = z.array(
  z.object({
    series: z.object({ patches: z.array(z.object({ messageId: z.string() })) }),
    findings: z.array(placed),
  }),
)

/** The verdicts of one `check` on patches, by their Message-ID. */
export function checkMails(paths: readonly string[], copy: KernelCopy): ReadonlyMap<string, Verdict> {
  const { stdout, output } = copy.review(['check', '--format', 'json', ...paths])
  if (stdout === '') throw new Error(output)
  const document: unknown = JSON.parse(stdout)
  const verdicts = reviews.parse(Array.isArray(document) ? document : [document]).flatMap(({ series, findings }) =>
    series.patches.map(({ messageId }): readonly [string, Verdict] => {
      const told = findings.filter(({ introducedBy, severity }) => introducedBy === messageId && severity !== 'info')
      const worst = told.find(({ severity }) => severity === 'error') ?? told[0]
      return [
        messageId,
        { told: told.map(placeOf).sort(), worst: worst?.severity === 'info' ? null : (worst?.severity ?? null) },
      ]
    }),
  )
  return new Map(verdicts)
}

function placeOf({ path, line, column, rule }: z.infer<typeof placed>): string {
  // The terminal names what is wrong with the text of a patch by its line alone.
  return `${path === '/patch' ? `patch:${line}` : `${path}:${line}:${column}`} ${rule}`
}
