import { z } from 'zod'
import { duration, listUrl } from './config-values.ts'

/** How the mails of a list are read; `archive: DIR` is short for `archive: { mirror: DIR }`. */
export const archiveSchema = z
  .strictObject({
    mirror: z.string().min(1).optional().describe('a public-inbox mirror on this disk (DIR/git/0.git)'),
    from: listUrl
      .optional()
      .describe(
        'fetch the mirror from there with git, as https://lore.kernel.org/linux-kbuild/; else something else must',
      ),
    epochs: z.int().min(1).max(1000).default(1).describe('how many of the newest epochs are fetched at first'),
    http: listUrl.optional().describe('read the list over HTTP from a public-inbox server, without a mirror'),
    every: duration.default(300_000).describe('the server is asked for news at most so often'),
  })
  .superRefine((value, context) => {
    const given = [value.mirror, value.http].filter((each) => each !== undefined)
    if (given.length !== 1) context.addIssue({ code: 'custom', message: 'needs either `mirror` or `http`' })
    if (value.from !== undefined && value.mirror === undefined)
      context.addIssue({ code: 'custom', path: ['from'], message: 'needs `mirror`: where to keep it' })
  })

/** How the mails of a list are read: either `mirror` or `http`. */
export type ArchiveConfig = z.infer<typeof archiveSchema>
