import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Delivery, Mailer, Parcel } from '../ports.ts'
import { watchRecipients, type RecipientWatch } from './smtp-recipients.ts'

/** The server that takes our mails. */
export type SmtpOptions = {
  readonly host: string
  readonly port: number
  /** `starttls`: a server without it is refused; `implicit`: TLS from the first byte; `none`: in the clear. */
  readonly tls: 'starttls' | 'implicit' | 'none'
  /** A file of PEM certificates to trust instead of the well-known ones; null for those. */
  readonly caFile: string | null
  /** The password is read from its file for each connection; null to send without a login. */
  readonly login: { readonly user: string; readonly passwordFile: string } | null
  /** When it is aborted, a connection gets `stopMs` to end its mail. */
  readonly signal: AbortSignal
  /** How long a server may say nothing (milliseconds); for a whole mail it gets `mostSilences` times as long. */
  readonly silenceMs?: number
}

/** RFC 5321 §4.5.3.2 asks for five minutes a command; a server that is asked again later has lost nothing. */
const defaultSilenceMs = 120_000
const stopMs = 5_000

/** 14 minutes by default: shorter than a reply is somebody's, and longer than the ten minutes that a mail may be delivered in behind its dot. */
const mostSilences = 7

/**
 * A mailer that opens a connection for each mail and hands over its bytes as they are, dots doubled. The mail is sent as 8BITMIME where it is
 * not ASCII and the server offers that.
 */
export function createSmtpMailer(options: SmtpOptions): Mailer {
  return {
    send: async (parcel) => {
      const stop = stopAfter(options)
      try {
        const opened = await open(options, stop.stopped)
        if (opened.kind === 'opened') return await hand(parcel, opened)
        return { kind: opened.isBarred ? 'barred' : 'later', reason: opened.reason }
      } finally {
        stop.forget()
      }
    },
  }
}

/** Connects to the server and logs in, as for a mail, and sends nothing. What went wrong; null where nothing did. */
export async function probeSmtp(options: SmtpOptions): Promise<string | null> {
  const stop = stopAfter(options)
  try {
    const opened = await open(options, stop.stopped)
    if (opened.kind === 'refused') return opened.reason
    opened.connection.quit()
    return null
  } finally {
    stop.forget()
  }
}

type Opened = {
  readonly kind: 'opened'
  readonly connection: SMTPConnection
  readonly failure: Promise<Error>
  readonly recipients: RecipientWatch
}

/** `isBarred`: the login was refused for good. */
type Refused = { readonly kind: 'refused'; readonly reason: string; readonly isBarred: boolean }

/** Connects and logs in. What goes wrong here is the operator's or the network's, not the mail's. */
async function open(options: SmtpOptions, stopped: Promise<Error>): Promise<Opened | Refused> {
  let connection: SMTPConnection | null = null
  try {
    const { login, caFile } = options
    const ca = caFile === null ? null : await readFile(caFile, 'utf8')
    const password = login === null ? '' : (await readFile(login.passwordFile, 'utf8')).replace(/\r?\n$/, '')
    const recipients = watchRecipients()
    connection = new SMTPConnection({ ...settings(options, ca), logger: recipients.logger, transactionLog: true })
    const opening = connection
    const failed = new Promise<Error>((resolve) => opening.on('error', resolve))
    const failure = Promise.race([failed, stopped])
    await orFailure(failure, (done) => opening.connect(done))
    if (login !== null)
      await orFailure(failure, (done) => opening.login({ credentials: { user: login.user, pass: password } }, done))
    return { kind: 'opened', connection, failure, recipients }
  } catch (error) {
    connection?.close()
    const { code, responseCode } = fieldsOf(error)
    return { kind: 'refused', reason: reasonOf(error), isBarred: code === 'EAUTH' && (responseCode ?? 0) >= 500 }
  }
}

function settings(options: SmtpOptions, ca: string | null): SMTPConnection.Options {
  const { host, port, tls, silenceMs = defaultSilenceMs } = options
  return {
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(ca !== null && { tls: { ca } }),
    connectionTimeout: silenceMs,
    greetingTimeout: silenceMs,
    socketTimeout: silenceMs,
  }
}

/** Settles with a call's own answer, or fails with the first error of its connection. */
async function orFailure(failure: Promise<Error>, call: (done: (error?: unknown) => void) => void): Promise<void> {
  const answered = new Promise<void>((resolve, reject) => {
    call((error) => (error === undefined || error === null ? resolve() : reject(toError(error))))
  })
  await Promise.race([answered, failure.then((error) => Promise.reject(error))])
}

async function hand(parcel: Parcel, { connection, failure, recipients }: Opened): Promise<Delivery> {
  const { from, to, bytes } = parcel
  const message = Readable.from(afterEnvelope(parcel, recipients))
  const unread = new Promise<Error>((resolve) => message.on('error', resolve))
  // From then on the mail's last dot may have been written, whatever else happens.
  let handedOver = false
  message.on('end', () => (handedOver = true))
  try {
    const envelope = { from, to: [...to], use8BitMime: bytes.some((byte) => byte > 0x7f) }
    const sent = new Promise<SMTPConnection.SentMessageInfo>((resolve, reject) => {
      connection.send(envelope, message, (error, info) => (error === null ? resolve(info) : reject(error)))
    })
    const broken = Promise.race([failure, unread]).then((error) => Promise.reject(error))
    const { response, rejected } = await Promise.race([sent, broken])
    connection.quit()
    const postponed = recipients.postponed()
    const refused = rejected.filter((address) => !postponed.includes(address))
    return { kind: 'accepted', response: oneLine(response), refused, postponed }
  } catch (error) {
    connection.close()
    return outcomeOf(error, handedOver)
  }
}

/** The mail, which is read when the server asks for it: then it has answered for all recipients. */
async function* afterEnvelope({ bytes, onEnvelope }: Parcel, recipients: RecipientWatch): AsyncGenerator<Buffer> {
  await onEnvelope?.(recipients.postponed())
  yield Buffer.from(bytes)
}

type Stop = { readonly stopped: Promise<Error>; readonly forget: () => void }

/** An error that comes some time after a signal, or when a server has had its time, however busy it was; and what takes that back. */
function stopAfter({ signal, silenceMs = defaultSilenceMs }: SmtpOptions): Stop {
  const deadlineMs = mostSilences * silenceMs
  let deadline: NodeJS.Timeout | undefined
  let timer: NodeJS.Timeout | null = null
  let stop = (): void => undefined
  const stopped = new Promise<Error>((resolve) => {
    deadline = setTimeout(() => resolve(new Error(`the server came to no end in ${deadlineMs / 1000} s`)), deadlineMs)
    stop = () => {
      timer ??= setTimeout(() => resolve(new Error('the bot was stopped')), stopMs)
    }
  })
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  const forget = (): void => {
    signal.removeEventListener('abort', stop)
    clearTimeout(deadline)
    if (timer !== null) clearTimeout(timer)
  }
  return { stopped, forget }
}

/**
 * A server's own answer to the envelope or the mail (EENVELOPE, EMESSAGE) is the last word: RFC 5321 §4.2.1, 5yz is not to be tried again,
 * 4yz is. Where a 5yz is about us, the mail is not at fault. Anything else, also half an answer, is a connection that broke.
 */
function outcomeOf(error: unknown, handedOver: boolean): Delivery {
  const reason = reasonOf(error)
  const { code, responseCode } = fieldsOf(error)
  if ((code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== null) {
    if (responseCode < 500) return { kind: 'later', reason }
    return { kind: isAboutUs(error) ? 'barred' : 'never', reason }
  }
  return { kind: handedOver ? 'unclear' : 'later', reason }
}

/**
 * Whether a 5yz is about who sends and not about the mail: MAIL FROM was refused (530, 552 of RFC 5321 and RFC 4954 §6), or all recipients were
 * for a reason of policy (RFC 3463 §3.8, x.7.z: no relaying, no login).
 */
function isAboutUs(error: unknown): boolean {
  if (!(error instanceof Error) || !('command' in error)) return false
  if (error.command === 'MAIL FROM') return true
  const each: unknown = 'rejectedErrors' in error ? error.rejectedErrors : null
  return error.command === 'RCPT TO' && Array.isArray(each) && each.length > 0 && each.every(isOfPolicy)
}

function isOfPolicy(refusal: unknown): boolean {
  const answer = refusal instanceof Error && 'response' in refusal ? refusal.response : null
  return typeof answer === 'string' && /^5\d\d[ -]5\.7\.\d/.test(answer)
}

function fieldsOf(error: unknown): { readonly code: string; readonly responseCode: number | null } {
  if (!(error instanceof Error)) return { code: '', responseCode: null }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const answered = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null
  return { code, responseCode: answered }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

function reasonOf(error: unknown): string {
  return oneLine(toError(error).message)
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 500)
}
