import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ReadResult } from '../mail/message.ts'
import type { MailSource } from '../ports.ts'
import { createMailList } from './mail-list.ts'
import { readMailStream } from './mail-stream.ts'
import type { StreamOptions } from './mail-stream.ts'

/** What mails are read from: a file or directory, or bytes that came otherwise (stdin) and the name they go by. */
export type MailboxInput =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'bytes'; readonly name: string; readonly bytes: Uint8Array }

/** The file or directory is not there, cannot be read, or a directory holds no mails. */
export class MailboxError extends Error {
  override readonly name = 'MailboxError'
  readonly code = 'no-mailbox'
}

/**
 * The mails of a mailbox, in order: an mbox (gzipped too), one mail (.eml, or a .patch of git format-patch), a maildir, or a
 * directory of such files in the order of their names. What a file is its content says. The origin of a mail is its file and the
 * line at which its bytes begin; the reason of a refusal names both. Throws `MailboxError` for what is not there.
 */
export async function* readMailbox(input: MailboxInput, options: StreamOptions): AsyncGenerator<ReadResult> {
  if (input.kind === 'bytes') yield* readNamed(Readable.from([input.bytes]), input.name, options)
  else for (const path of await filesOf(input.path)) yield* readNamed(createReadStream(path), path, options)
}

/** A source of all mails of some mailboxes, read at once. Throws `MailboxError` for one that is not there. */
export async function openMailboxes(inputs: readonly MailboxInput[], options: StreamOptions): Promise<MailSource> {
  const results: ReadResult[] = []
  for (const input of inputs) for await (const result of readMailbox(input, options)) results.push(result)
  return createMailList(inputs.map((input) => (input.kind === 'path' ? input.path : input.name)).join(' '), results)
}

async function filesOf(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw new MailboxError(`cannot read \`${path}\`: ${codeOf(error)}`, { cause: error })
  })
  if (!found.isDirectory()) return [path]
  const names = await readdir(path)
  const files = names.includes('cur') || names.includes('new') ? await maildirFiles(path) : mailFiles(path, names)
  if (files.length === 0)
    throw new MailboxError(`\`${path}\` holds neither mails (.patch, .eml, .mbox) nor a maildir (cur/, new/)`)
  return files
}

async function maildirFiles(path: string): Promise<readonly string[]> {
  const folders = await Promise.all(
    ['cur', 'new'].map(async (folder) => {
      const names = await readdir(join(path, folder)).catch(() => [])
      return names.filter((name) => !name.startsWith('.')).map((name) => ({ name, file: join(path, folder, name) }))
    }),
  )
  return folders
    .flat()
    .sort((a, b) => compareNames(a.name, b.name))
    .map(({ file }) => file)
}

function mailFiles(path: string, names: readonly string[]): readonly string[] {
  return names
    .filter((name) => /\.(patch|eml|mbox|mbx|mbox\.gz)$/i.test(name) && !name.startsWith('.'))
    .sort(compareNames)
    .map((name) => join(path, name))
}

const collator = new Intl.Collator('en', { numeric: true })

/** Numbers by value, so that `10-last.patch` follows `9-driver.patch`; maildir names begin with the time of delivery. */
function compareNames(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : 1)
}

async function* readNamed(stream: Readable, name: string, options: StreamOptions): AsyncGenerator<ReadResult> {
  try {
    yield* readMailStream(stream, name, options)
  } catch (error) {
    throw new MailboxError(`cannot read \`${name}\`: ${codeOf(error)}`, { cause: error })
  } finally {
    stream.destroy()
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
