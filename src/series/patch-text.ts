import { headerValues, type Message } from '../mail/message.ts'
import { decodeBytes, toBinaryString } from '../text/decode.ts'

/** The text of a patch twice: decoded for people and line numbers, and one character a byte for `git apply`. Lines are the same. */
export type PatchText = { readonly text: string; readonly bytes: string }

/** The text of a mail's body as git mailinfo would hand it on: soft line breaks of format=flowed are undone. */
export function bodyText(message: Message): PatchText {
  const type = (headerValues(message, 'content-type')[0] ?? '').toLowerCase()
  const bytes = toBinaryString(message.body)
  if (!/\bformat ?= ?"?flowed\b/u.test(type)) return fromBytes(message.body, bytes)
  const unflowed = unflow(bytes, /\bdelsp ?= ?"?yes\b/u.test(type) ? 'delete-space' : 'keep-space')
  return fromBytes(Buffer.from(unflowed, 'latin1'), unflowed)
}

/** The text of an attachment. */
export function attachmentText(body: Uint8Array): PatchText {
  return fromBytes(body, toBinaryString(body))
}

function fromBytes(body: Uint8Array, bytes: string): PatchText {
  return { text: decodeBytes(body).text, bytes }
}

/** RFC 3676 §4.2 as in git's mailinfo.c handle_filter_flowed(): stuffed spaces go, a line that ends in a space goes on. */
function unflow(bytes: string, deleted: 'delete-space' | 'keep-space'): string {
  const out: string[] = []
  let pending = ''
  for (const line of bytes.split('\n')) {
    if (line === '-- ') {
      if (pending !== '') out.push(pending)
      out.push(line)
      pending = ''
      continue
    }
    const unstuffed = line.startsWith(' ') ? line.slice(1) : line
    if (unstuffed.endsWith(' ')) {
      pending += deleted === 'delete-space' ? unstuffed.slice(0, -1) : unstuffed
      continue
    }
    out.push(pending + unstuffed)
    pending = ''
  }
  if (pending !== '') out.push(pending)
  return out.join('\n')
}
