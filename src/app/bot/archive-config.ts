import { z } from 'zod'
import { duration, isLoopback, listUrl } from './config-values.ts'

/** What the configuration says of a mailbox that gets a list. */
export const imapSchema = z
  .strictObject({
    host: z.string().min(1).describe('the IMAP server'),
    port: z.int().min(1).max(65535).default(993),
    tls: z
      .enum(['implicit', 'starttls', 'none'])
      .default('implicit')
      .describe('implicit: TLS from the first byte; starttls: refuse a server without it; none: loopback only'),
    'ca-file': z.string().min(1).optional().describe('certificates (PEM) to trust instead of the well-known ones'),
    user: z.string().min(1),
    'password-file': z.string().min(1).describe('a file that holds the password alone; read for each connection'),
    folder: z.string().min(1).default('INBOX').describe('the folder that the mails of the list come to'),
  })
  .superRefine((value, context) => {
    if (value.tls === 'none' && !isLoopback(value.host))
      context.addIssue({
        code: 'custom',
        path: ['tls'],
        message: `\`none\` is for loopback, not for \`${value.host}\``,
      })
  })

/** How the mails of a list are read; `archive: DIR` is short for `archive: { mirror: DIR }`. */
export const archiveSchema = z
  .strictObject({
    mirror: z.string().min(1).optional().describe('a public-inbox mirror on this disk (DIR/git/0.git)'),
    from: listUrl
      .optional()
      .describe(
        'fetch the mirror from there with git, as https://lore.kernel.org/linux-kbuild/; else something else must',
      ),
    epochs: z.int().min(1).max(1000).optional().describe('how many of the newest epochs are fetched at first: 1'),
    http: listUrl.optional().describe('read the list over HTTP from a public-inbox server, without a mirror'),
    every: duration.optional().describe('the server is asked for news at most so often: 5m'),
    imap: imapSchema.optional().describe('read the list from a mailbox'),
  })
  .superRefine((value, context) => {
    const given = [value.mirror, value.http, value.imap].filter((each) => each !== undefined)
    if (given.length !== 1) context.addIssue({ code: 'custom', message: 'needs one of `mirror`, `http` and `imap`' })
    if (value.from !== undefined && value.mirror === undefined)
      context.addIssue({ code: 'custom', path: ['from'], message: 'needs `mirror`: where to keep it' })
    if (value.epochs !== undefined && value.from === undefined)
      context.addIssue({ code: 'custom', path: ['epochs'], message: 'is for a mirror that is fetched (`from`)' })
    if (value.every !== undefined && value.from === undefined && value.http === undefined)
      context.addIssue({ code: 'custom', path: ['every'], message: 'is for a server that is asked (`from`, `http`)' })
  })
  .transform((value) => ({ ...value, epochs: value.epochs ?? 1, every: value.every ?? 300_000 }))

/** How the mails of a list are read: exactly one of `mirror`, `http` and `imap`. */
export type ArchiveConfig = z.infer<typeof archiveSchema>

/** The configuration of a mailbox. */
export type ImapConfig = z.infer<typeof imapSchema>
