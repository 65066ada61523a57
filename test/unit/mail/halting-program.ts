// Reads a mail that takes some of the processor's time: `halting-program.ts` says on a line of its own when it begins, and what came of it.
import { defaultMailLimits } from '../../../src/mail/limits.ts'
import { createMailParser } from '../../../src/mail/parser.ts'
import { testNow, writeMail } from '../../support/mails.ts'

const limits = { ...defaultMailLimits, parts: 1e6 }
const options = { now: testNow, origin: { kind: 'none' }, limits } as const
const headers = ['Content-Type: multipart/mixed; boundary=b']
const parser = createMailParser({ workers: 1, timeoutMs: 1_000 })
for (const parts of [100, 10_000]) {
  const result = await parser.parse(Buffer.from(writeMail({ headers, body: '--b\nX: y\n\n'.repeat(parts) })), options)
  process.stdout.write(`${parts} ${result.kind}\n`)
}
await parser.close()
