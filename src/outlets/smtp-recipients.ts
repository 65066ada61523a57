import type SMTPConnection from 'nodemailer/lib/smtp-connection'

/** What a server says of each recipient while a mail is handed to it. */
export type RecipientWatch = {
  /** For the connection, which is to log its transaction. */
  readonly logger: NonNullable<SMTPConnection.Options['logger']>
  /** The recipients that were answered with 4yz, in the order of the envelope. */
  readonly postponed: () => readonly string[]
}

/**
 * Follows the dialogue of one mail: nodemailer tells who was refused only when all is over, which a process that ends before does not see.
 * Answers come in the order of the commands, also where these are pipelined (RFC 2920 §3.1).
 */
export function watchRecipients(): RecipientWatch {
  const postponed: string[] = []
  let unanswered: string[] | null = null
  const asked = (command: string): void => {
    if (/^MAIL FROM:/i.test(command)) unanswered = []
    unanswered?.push(command)
  }
  const answered = (answer: string): void => {
    const recipient = /^RCPT TO:<([^>]*)>/i.exec(unanswered?.shift() ?? '')?.[1]
    if (recipient !== undefined && answer.startsWith('4')) postponed.push(recipient)
  }
  const debug = (about: { readonly tnx?: unknown }, text: unknown): void => {
    if (about.tnx === 'client') asked(String(text))
    else if (about.tnx === 'server') answered(String(text))
  }
  const ignore = (): void => undefined
  return {
    logger: { trace: ignore, debug, info: ignore, warn: ignore, error: ignore, fatal: ignore },
    postponed: () => postponed,
  }
}
