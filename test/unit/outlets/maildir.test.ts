import { mkdtempSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { createMaildir } from '../../../src/outlets/maildir.ts'
import type { Reply } from '../../../src/review/reply.ts'

const reply: Reply = {
  key: 'kr.abc234',
  messageId: 'kr.abc234@bot.example',
  inReplyTo: 'patch@boards.example',
  references: ['patch@boards.example'],
  to: [{ name: 'Dana Developer', address: 'dana@boards.example' }],
  cc: [],
  subject: 'Re: [PATCH] boards: build the new driver',
  body: 'a body\n',
  findings: [],
}
const compose = ({ body }: Reply): Uint8Array => Buffer.from(`Subject: x\n\n${body}`)

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kr-maildir-'))
})
afterEach(() => removeDirectory(directory))

const mails = (folder: 'tmp' | 'new' | 'cur'): string[] => readdirSync(join(directory, folder))

describe('a maildir', () => {
  it('delivers the bytes of the composed mail to new/, and leaves nothing in tmp/', async () => {
    const { kind, where } = await createMaildir(directory, compose).publish(reply)
    expect(kind).toBe('published')
    expect(readFileSync(where, 'utf8')).toBe('Subject: x\n\na body\n')
    expect([mails('tmp'), mails('new'), mails('cur')]).toEqual([[], ['kr.abc234.kbuild-review'], []])
  })

  it('publishes the same key once, and keeps the first mail', async () => {
    const { where } = await createMaildir(directory, compose).publish(reply)
    const again = await createMaildir(directory, compose).publish({ ...reply, body: 'another body\n' })
    expect(again).toEqual({ kind: 'already', where })
    expect(readFileSync(where, 'utf8')).toContain('a body')
    expect([mails('tmp'), mails('new')]).toEqual([[], ['kr.abc234.kbuild-review']])
  })

  it('knows a mail that a reader has moved to cur/ with flags', async () => {
    const maildir = createMaildir(directory, compose)
    const { where } = await maildir.publish(reply)
    const read = join(directory, 'cur', 'kr.abc234.kbuild-review:2,S')
    renameSync(where, read)
    expect(await maildir.publish(reply)).toEqual({ kind: 'already', where: read })
    expect(mails('new')).toEqual([])
  })

  it('publishes once when several do it at the same time', async () => {
    const published = await Promise.all(
      Array.from({ length: 8 }, () => createMaildir(directory, compose).publish(reply)),
    )
    expect(published.filter(({ kind }) => kind === 'published')).toHaveLength(1)
    expect([mails('tmp'), mails('new')]).toEqual([[], ['kr.abc234.kbuild-review']])
  })

  it('lets no key lead out of the directory', async () => {
    const { where } = await createMaildir(directory, compose).publish({ ...reply, key: '../../etc/cron.d/x' })
    expect(where).toMatch(new RegExp(`^${join(directory, 'new')}/[0-9a-f]{64}\\.kbuild-review$`))
  })

  it('leaves nothing behind where the mail cannot be composed', async () => {
    const broken = createMaildir(directory, () => {
      throw new Error('no From')
    })
    await expect(broken.publish(reply)).rejects.toThrow('no From')
    expect([mails('tmp'), mails('new')]).toEqual([[], []])
  })
})
