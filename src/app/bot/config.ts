import { validate as isSchedule } from 'node-cron'
import { z } from 'zod'
import { archiveSchema } from './archive-config.ts'
import { address, duration, isLoopback, listUrl, unitMs } from './config-values.ts'

/** What may become of a reply, strictest first. */
export const sendModes = ['never', 'draft', 'approve', 'auto'] as const
export type SendMode = (typeof sendModes)[number]

/** What the configuration says of one list. */
export const listSchema = z.strictObject({
  archive: z
    .preprocess((given) => (typeof given === 'string' ? { mirror: given } : given), archiveSchema)
    .describe('where its mails are read: a mirror on this disk (DIR/git/0.git), or what the keys below say'),
  send: z
    .enum(sendModes)
    .default('draft')
    .describe('never: judge only; draft: keep the mail, nothing sends it; approve: sent once a person approves; auto'),
  checks: z
    .union([z.literal('all'), z.array(z.string())])
    .default('all')
    .describe('rules that may speak here, of those that have earned to speak on a list'),
  to: z
    .enum(['list', 'author'])
    .default('list')
    .describe('list: the author, with copies to the list and to reply.cc; author: nobody else'),
  positive: z
    .enum(['never', 'author'])
    .default('never')
    .describe(
      'never: silence where nothing is found; author: he alone is told so, if all lists of the series say this',
    ),
  trust: z
    .array(z.string().min(1).toLowerCase())
    .default([])
    .describe(
      'the names (authserv-id) of the mail servers of this list, whose Authentication-Results are believed in its mails; without one no command that comes over it is obeyed',
    ),
  embargo: duration.default(0).describe('how long after the series a reply waits, so that people come first'),
  'daily-limit': z.int().min(0).max(1000).default(10).describe('mails a day (UTC) about this list'),
  quiet: z
    .strictObject({
      authors: z.array(address).default([]).describe('people who are not written to'),
      paths: z
        .array(z.string().min(1))
        .default([])
        .describe('files that nothing is said of, as F: lines of MAINTAINERS'),
    })
    .default({ authors: [], paths: [] }),
})

/** What the configuration says of the server that takes our mails. */
export const smtpSchema = z
  .strictObject({
    host: z.string().min(1).describe('the server that takes our mails'),
    port: z.int().min(1).max(65535).default(587),
    tls: z
      .enum(['starttls', 'implicit', 'none'])
      .default('starttls')
      .describe(
        'starttls: refuse a server without it; implicit: TLS from the first byte (port 465); none: loopback only',
      ),
    'ca-file': z.string().min(1).optional().describe('certificates (PEM) to trust instead of the well-known ones'),
    user: z.string().min(1).optional(),
    'password-file': z
      .string()
      .min(1)
      .optional()
      .describe('a file that holds the password alone; read for each connection'),
  })
  .superRefine((value, context) => {
    if (value.tls === 'none' && !isLoopback(value.host))
      context.addIssue({
        code: 'custom',
        path: ['tls'],
        message: `\`none\` is for loopback, not for \`${value.host}\``,
      })
    if ((value.user === undefined) !== (value['password-file'] === undefined))
      context.addIssue({ code: 'custom', message: '`user` and `password-file` belong together' })
  })

/** What the configuration says of commands that come by mail. */
export const feedbackSchema = z.strictObject({
  people: z
    .array(address)
    .default([])
    .describe('who is obeyed besides the author of a patch and the maintainers of its files'),
  'daily-limit': z.int().min(0).max(1000).default(20).describe('commands a day (UTC) of one person'),
  'dispute-share': z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe('a rule of whose mailed findings a larger share was called invalid is not mailed any more'),
  'dispute-least': z
    .int()
    .min(1)
    .default(5)
    .describe('findings of a rule that must have been mailed before that counts'),
})

/** The part of the configuration that `bot` and `outbox` read. */
export const botSchema = z
  .strictObject({
    state: z.string().min(1).describe('the SQLite file that the bot remembers everything in'),
    drafts: z.string().min(1).optional().describe('a maildir that every reply is also laid into'),
    schedule: z
      .string()
      .refine(isSchedule, 'no schedule; write it as cron does, as */2 * * * *')
      .default('*/2 * * * *')
      .describe('when `bot run` looks for mails'),
    jitter: duration.default(20_000).describe('each look begins up to so much later, so that not all bots ask at once'),
    settle: duration
      .default(120_000)
      .describe('how long a series is waited with that has all its patches, but to which more may belong'),
    patience: duration.default(3_600_000).describe('how long missing patches are waited for'),
    begin: duration.default(7 * unitMs.d).describe('how far back a list is read the first time'),
    robots: z
      .array(address)
      .default([
        'lkp@intel.com',
        'oliver.sang@intel.com',
        'kernel-patches-bot@fb.com',
        'syzbot@syzkaller.appspotmail.com',
      ])
      .describe('senders that are programs, whatever their mails say; never answered, never obeyed'),
    pause: duration.default(1000).describe('between two requests to one server over HTTP'),
    'complete-from': z
      .array(listUrl)
      .default([])
      .describe(
        'public-inbox servers that are asked for the patches that a series lacks, as https://lore.kernel.org/all/',
      ),
    feedback: feedbackSchema.prefault({}),
    smtp: smtpSchema.optional(),
    lists: z.record(address, listSchema).describe('the lists, by their address'),
  })
  .superRefine((value, context) => {
    for (const [name, { send }] of Object.entries(value.lists)) {
      if ((send === 'approve' || send === 'auto') && value.smtp === undefined)
        context.addIssue({ code: 'custom', path: ['lists', name, 'send'], message: `\`${send}\` needs bot.smtp` })
    }
  })

/** The configuration of the bot, with every default filled in; times in milliseconds. */
export type BotConfig = z.infer<typeof botSchema>

/** The configuration of one list. */
export type ListConfig = BotConfig['lists'][string]

/** The configuration of the server that takes our mails. */
export type SmtpConfig = NonNullable<BotConfig['smtp']>
