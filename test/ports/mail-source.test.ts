import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { createHistoryReader } from '../../src/git/history-reader.ts'
import { openLoreArchive } from '../../src/sources/lore-git.ts'
import { openMailboxes } from '../../src/sources/mailbox.ts'
import { testNow } from '../support/mails.ts'
import { addToMirror } from '../support/mirror.ts'
import { describeMailSource } from './mail-source.ts'
import type { Posted } from './mail-source.ts'

const top = mkdtempSync(join(tmpdir(), 'kbuild-review-sources-'))
afterAll(() => removeDirectory(top))
const fresh = (): string => mkdtempSync(join(top, 'case-'))

const toStep = ({ text, postedAt }: Posted) => ({ kind: 'mail', mail: text, postedAt, arrivedAt: testNow }) as const

describeMailSource('a public-inbox mirror of two epochs', async (posts) => {
  const directory = fresh()
  addToMirror(directory, 0, posts.slice(0, 2).map(toStep))
  addToMirror(directory, 1, posts.slice(2).map(toStep))
  const reader = createHistoryReader(process.env)
  return openLoreArchive({ directory, name: 'boards', reader, cacheDirectory: fresh(), clock: () => testNow })
})

describeMailSource('an mbox', async (posts) => {
  const path = join(fresh(), 'boards.mbox')
  writeFileSync(path, posts.map(({ text }) => `From boards@example.org Wed Jan 15 09:00:00 2025\n${text}\n`).join(''))
  return openMailboxes([{ kind: 'path', path }], { now: testNow })
})

describeMailSource('a maildir', async (posts) => {
  const path = fresh()
  for (const folder of ['cur', 'new', 'tmp']) mkdirSync(join(path, folder))
  for (const [index, { text }] of posts.entries()) {
    writeFileSync(join(path, index % 2 === 0 ? 'cur' : 'new', `17368992${index + 10}.M1P1.host:2,S`), text)
  }
  return openMailboxes([{ kind: 'path', path }], { now: testNow })
})

describeMailSource('a directory of mails', async (posts) => {
  const path = fresh()
  for (const [index, { text }] of posts.entries()) writeFileSync(join(path, `${index + 7}-drivers.patch`), text)
  return openMailboxes([{ kind: 'path', path }], { now: testNow })
})
