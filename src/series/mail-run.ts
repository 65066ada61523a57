/**
 * The run of a sending program that a Message-ID is of, and its place in it: mails of one run are of one posting.
 * Known forms: `20240827123052.9002-3-a@b` of git send-email (git-send-email.perl make_message_id(): time, process, serial) and
 * `1665394476-14147-3-git-send-email-a@b` of those before 2.0,
 * `9f8a….1748335606.git.a@b` and `cover.1748335606.git.a@b` of git format-patch --thread (builtin/log.c gen_message_id()),
 * `20250519-slug-v3-2-1a2b3c4d@b` of b4 send (ez.py), where the slug holds the version. Null for others.
 */
export type MailRun = { readonly run: string; readonly serial: number | null }

export function mailRun(id: string): MailRun | null {
  const sendEmail =
    /^(\d{14}\.\d{1,10})-(\d{1,5})-(.{1,200})$/u.exec(id) ??
    /^(\d{9,11}-\d{1,10})-(\d{1,5})-git-send-email-(.{1,200})$/u.exec(id)
  if (sendEmail !== null) return { run: `${sendEmail[1] ?? ''}-${sendEmail[3] ?? ''}`, serial: Number(sendEmail[2]) }
  const formatPatch = /^(?:cover|[0-9a-f]{40,64})\.(\d{6,12}\.git\..{1,200})$/u.exec(id)
  if (formatPatch !== null) return { run: formatPatch[1] ?? '', serial: null }
  const b4 = /^(\d{8}-.{1,200}-v\d{1,3})-(\d{1,5})-([0-9a-f]{8,14}@.{1,200})$/u.exec(id)
  return b4 === null ? null : { run: `${b4[1] ?? ''}-${b4[3] ?? ''}`, serial: Number(b4[2]) }
}
