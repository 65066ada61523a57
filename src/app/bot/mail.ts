import { headerValues, type Message } from '../../mail/message.ts'
import { readPosted } from '../../series/posted.ts'

/**
 * What a mail is to the bot. Of those before `patch` nothing follows: they are our own, sent by programs, or say that a mail could
 * not be delivered (RFC 3834 §2, RFC 3464 §2).
 */
export type MailKind = 'own' | 'bounce' | 'automatic' | 'robot' | 'patch' | 'answer' | 'other'

/** Who we are, and who is known to be a program; addresses in lower case. */
export type Voices = { readonly own: readonly string[]; readonly robots: readonly string[] }

/** What a mail is. */
export function kindOf(message: Message, voices: Voices): MailKind {
  if (isOwn(message, voices.own)) return 'own'
  if (isBounce(message)) return 'bounce'
  if (isAutomatic(message)) return 'automatic'
  if (isRobot(message, voices)) return 'robot'
  const { kind } = readPosted(message)
  if (kind === 'patches' || kind === 'letter') return 'patch'
  return kind === 'reply' ? 'answer' : 'other'
}

/** Whether a program wrote a mail: itself or another bot says so. */
export function isFromProgram(message: Message, { robots }: Pick<Voices, 'robots'>): boolean {
  return isAutomatic(message) || isBounce(message) || isRobot(message, { robots })
}

/** Written by us: by its sender, by the loop mark of a list robot, or by the header that every mail of ours has. */
export function isOwn(message: Message, own: readonly string[]): boolean {
  const loops = headerValues(message, 'x-loop').map((value) => value.trim().toLowerCase())
  return (
    own.includes(message.from.address.toLowerCase()) ||
    loops.some((loop) => own.includes(loop)) ||
    headerValues(message, 'x-kbuild-review-run').length > 0
  )
}

function isBounce(message: Message): boolean {
  const returned = headerValues(message, 'return-path').some((value) => value.trim() === '<>')
  const report = headerValues(message, 'content-type').some((value) => /^\s*multipart\/report\b/i.test(value))
  const sender = /^(mailer-daemon|postmaster|bounces?)(\+[^@]*)?@/i.test(message.from.address)
  return returned || report || sender || headerValues(message, 'x-failed-recipients').length > 0
}

/** RFC 3834 §5; the other two are what answering machines sent before there was that header. */
function isAutomatic(message: Message): boolean {
  const submitted = headerValues(message, 'auto-submitted').some((value) => !/^\s*no\s*(;|$)/i.test(value))
  const old = ['x-autoreply', 'x-autorespond'].some((name) => headerValues(message, name).length > 0)
  return submitted || old
}

function isRobot(message: Message, { robots }: Pick<Voices, 'robots'>): boolean {
  return robots.includes(message.from.address.toLowerCase())
}
