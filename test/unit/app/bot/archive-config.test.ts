import { describe, expect, it } from 'vitest'
import { archiveSchema } from '../../../../src/app/bot/archive-config.ts'

const http = 'https://lists.example.org/boards/'
const imap = { host: 'mail.example.org', user: 'boards', 'password-file': '/run/password' }

describe('how a list is read', () => {
  it.each([
    ['a mailbox that is asked so often', { imap, every: '1m' }, 'every'],
    ['a mirror that others fetch, so often', { mirror: '/boards', every: '1m' }, 'every'],
    ['epochs over HTTP', { http, epochs: 2 }, 'epochs'],
    ['epochs of a mirror that others fetch', { mirror: '/boards', epochs: 2 }, 'epochs'],
  ])('is no configuration with a key that changes nothing: %s', (_, archive, key) => {
    const parsed = archiveSchema.safeParse(archive)
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([[key]])
  })

  it('has defaults where they are left out', () => {
    expect(archiveSchema.parse({ http })).toMatchObject({ every: 300_000 })
    expect(archiveSchema.parse({ mirror: '/boards', from: http })).toMatchObject({ every: 300_000, epochs: 1 })
  })
})
