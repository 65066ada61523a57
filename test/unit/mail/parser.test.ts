import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createMailParser } from '../../../src/mail/parser.ts'
import type { MailParser, ParserOptions } from '../../../src/mail/parser.ts'
import { defaultMailLimits } from '../../../src/mail/limits.ts'
import { readMessage } from '../../../src/mail/read.ts'
import { testNow, writeMail } from '../../support/mails.ts'

const options = { now: testNow, origin: { kind: 'none' } } as const
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()
const opened: MailParser[] = []
afterEach(async () => {
  for (const parser of opened.splice(0)) await parser.close()
})
function open(wanted: ParserOptions): MailParser {
  const parser = createMailParser(wanted)
  opened.push(parser)
  return parser
}

const attached = writeMail({
  id: 'patch@x',
  headers: ['Content-Type: multipart/mixed; boundary=b'],
  body: '--b\n\nSee\n--b\nContent-Disposition: attachment; filename=a.patch\n\n+a\n--b--\n',
})
/** Four megabytes of boundaries take seconds to read, where the limit of parts does not stop it. */
const slow = writeMail({
  headers: ['Content-Type: multipart/mixed; boundary=b'],
  body: '--b\nX: y\n\n'.repeat(400_000),
})

describe('a parser in threads', () => {
  it('gives what reading here gives, the bytes included', async () => {
    const raw = Buffer.from(`From mboxrd@z Thu Jan  1 00:00:00 1970\n${attached}`)
    const there = await open({ workers: 1, timeoutMs: 20_000 }).parse(raw, options)
    const here = await readMessage(raw, options)
    const comparable = (result: typeof here): unknown => {
      if (result.kind === 'refused') return result
      const { raw: bytes, body, attachments, ...rest } = result.message
      return [rest, [bytes, body].map(textOf), attachments.map((part) => ({ ...part, body: textOf(part.body) }))]
    }
    expect(comparable(there)).toEqual(comparable(here))
    expect(here.kind).toBe('message')
  })

  it('leaves the bytes that it was given as they are', async () => {
    const raw = Buffer.from(attached)
    await open({ workers: 1, timeoutMs: 20_000 }).parse(raw, options)
    expect(raw.toString()).toBe(attached)
  })

  it('reads more mails than it has threads, each for who asked', async () => {
    const parser = open({ workers: 2, timeoutMs: 20_000 })
    const ids = Array.from({ length: 40 }, (_, index) => `${index}@x`)
    const results = await Promise.all(ids.map((id) => parser.parse(Buffer.from(writeMail({ id })), options)))
    expect(results.map((result) => result.kind === 'message' && result.message.id)).toEqual(ids)
  })

  it('refuses a mail that takes too long, and reads the next one in another thread', async () => {
    const parser = open({ workers: 1, timeoutMs: 500 })
    const limits = { ...defaultMailLimits, parts: 1e6 }
    const [late, next] = await Promise.all([
      parser.parse(Buffer.from(slow), { ...options, limits }),
      parser.parse(Buffer.from(attached), options),
    ])
    expect(late).toMatchObject({ kind: 'refused', code: 'timeout' })
    expect(next).toMatchObject({ kind: 'message', message: { id: 'patch@x' } })
  })

  it('reads a mail on a machine that gives it a tenth of its time', async () => {
    const program = spawn(process.execPath, [resolve(import.meta.dirname, 'halting-program.ts')])
    const said: string[] = []
    program.stdout.on('data', (text: Buffer) => said.push(text.toString()))
    const ended = once(program, 'close')
    await expect.poll(() => said.join(''), { timeout: 30_000 }).toBe('100 message\n')
    while (program.exitCode === null) {
      program.kill('SIGSTOP')
      await setTimeout(90)
      program.kill('SIGCONT')
      await setTimeout(10)
    }
    await ended
    expect(said.join('')).toBe('100 message\n10000 message\n')
  })

  it('refuses what is not read when it is closed, and what comes later', async () => {
    const parser = open({ workers: 1, timeoutMs: 20_000 })
    const asked = [1, 2, 3].map(() => parser.parse(Buffer.from(attached), options))
    await parser.close()
    for (const result of await Promise.all(asked))
      expect(result).toMatchObject({ kind: 'refused', code: 'parser-failed' })
    expect(await parser.parse(Buffer.from(attached), options)).toMatchObject({ kind: 'refused', code: 'parser-failed' })
  })
})
