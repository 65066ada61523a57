import { readMessage } from '../../src/mail/read.ts'
import type { Message } from '../../src/mail/message.ts'

/** The clock of tests: 15 January 2025. */
export const testNow = Date.UTC(2025, 0, 15)

/** What to write a mail of; what is not given is left out, but for a sender. */
export type MailParts = {
  readonly id?: string
  readonly from?: string
  readonly subject?: string
  /** Milliseconds since 1970. */
  readonly date?: number
  readonly inReplyTo?: string
  readonly references?: readonly string[]
  /** More headers, as lines. */
  readonly headers?: readonly string[]
  readonly body?: string
}

/** The text of a mail. */
export function writeMail(parts: MailParts): string {
  const { id, from = 'Ada Byron <ada@example.org>', subject, date, inReplyTo, references, headers = [] } = parts
  const lines = [
    `From: ${from}`,
    ...(subject === undefined ? [] : [`Subject: ${subject}`]),
    ...(date === undefined ? [] : [`Date: ${new Date(date).toUTCString().replace('GMT', '+0000')}`]),
    ...(id === undefined ? [] : [`Message-ID: <${id}>`]),
    ...(inReplyTo === undefined ? [] : [`In-Reply-To: <${inReplyTo}>`]),
    ...(references === undefined ? [] : [`References: ${references.map((reference) => `<${reference}>`).join('\n ')}`]),
    ...headers,
  ]
  return `${lines.join('\n')}\n\n${parts.body ?? 'The switch was missing.\n'}`
}

/** The mail that a text or bytes are; throws where it is refused. */
export async function readMail(raw: string | Uint8Array): Promise<Message> {
  const bytes = typeof raw === 'string' ? Buffer.from(raw) : raw
  const result = await readMessage(bytes, { now: testNow, origin: { kind: 'none' } })
  if (result.kind === 'refused') throw new Error(`${result.code}: ${result.reason}`)
  return result.message
}
