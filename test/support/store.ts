import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { putVersion, type NewVersion } from '../../src/store/versions.ts'
import type { Reply } from '../../src/review/reply.ts'

/** Opens stores in files of their own, which are closed after each test and removed after the last. */
export function storeFiles(): { readonly path: () => string; readonly open: (path?: string) => Promise<Store> } {
  const top = mkdtempSync(join(tmpdir(), 'kbuild-review-store-'))
  const opened: Store[] = []
  let number = 0
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
  })
  afterAll(() => removeDirectory(top))
  const path = (): string => join(top, `state-${number++}`, 'state.sqlite')
  return {
    path,
    open: async (file = path()) => {
      const store = await openStore(file)
      opened.push(store)
      return store
    },
  }
}

/** A version of a series that a test needs to be there; its id. */
export function haveVersion(store: Store, change: Partial<NewVersion> = {}): Promise<number> {
  return putVersion(store.records, {
    head: 'v1-0@boards',
    version: 1,
    subject: 'boards: list the switch',
    sender: 'ada@example.org',
    changeId: null,
    release: '',
    postedAt: 1000,
    state: 'queued',
    detail: '',
    mails: ['v1-0@boards', 'v1-1@boards'],
    ...change,
  })
}

/** A reply with a Message-ID. */
export function replyTo(id: string, messageId: string, findings: readonly string[] = ['key-1']): Reply {
  return {
    key: messageId.replace(/@.*/, ''),
    messageId,
    inReplyTo: id,
    references: [id],
    to: [{ name: 'Ada Byron', address: 'ada@example.org' }],
    cc: [{ name: '', address: 'boards@lists.example.org' }],
    subject: 'Re: [PATCH] boards: list the switch',
    body: 'This is an automated review.\n',
    findings,
  }
}
