import { join } from 'node:path'
import { z } from 'zod'
import type { Outcome, ProofContext } from './check.ts'
import { runReview } from './run-command.ts'

/** The klp-convert series of August 2024: its cover counts six patches, seven were posted. */
const messageId = '20240827123052.9002-1-lhruska@suse.cz'
const postedPatches = 7

const document = z.object({
  series: z.object({
    version: z.number(),
    inferred: z.array(z.string()),
    patches: z.array(z.object({ index: z.number(), subject: z.string(), how: z.string().optional() })),
  }),
  applied: z.union([
    z.literal(true),
    z.object({
      patch: z.number(),
      files: z.array(
        z.object({ path: z.string(), hunks: z.array(z.object({ number: z.number(), reason: z.string() })) }),
      ),
    }),
  ]),
})

/** `check --message-id` of a real series: found whole and in order, each patch's way of applying named, 3/6 refused with file and hunk. */
export async function proveKnownSeries({ root, reference }: ProofContext): Promise<Outcome> {
  const args = [
    'check',
    '--message-id',
    messageId,
    '--archive',
    join(reference.lore, 'live-patching'),
    '--tree',
    reference.tree612,
    '--format',
    'json',
  ]
  const ran = await runReview(root, args)
  const { series, applied } = document.parse(JSON.parse(ran.stdout))
  const inOrder = series.patches.map(({ index }) => index).every((index, at) => index === at + 1)
  const complete = series.version === 3 && inOrder && series.patches.length === postedPatches
  const named = series.patches.every(({ how }) => how !== undefined)
  const refused = applied === true ? null : applied
  const hunks =
    refused?.files.flatMap(({ path, hunks: failed }) => failed.map(({ number }) => `${path} hunk ${number}`)) ?? []
  const right = refused?.patch === 3 && hunks.length > 0
  const ways = series.patches.map(({ index, how }) => `${index} ${how ?? 'not named'}`).join(', ')
  return {
    ok: complete && named && right,
    figure: `v${series.version}, ${series.patches.length} patches in order; ${ways}; 3/6 refused at ${hunks.join(', ') || 'nothing named'}`,
  }
}
