import { describe, expect, it } from 'vitest'
import { isRelay, isRewritten, senderOf } from '../../../src/mail/relay.ts'
import { readMail, writeMail } from '../../support/mails.ts'

const relayed = 'Jane Doe via B4 Relay <devnull+jane.example.org@kernel.org>'
const sender = async (from: string, ...headers: string[]) => senderOf(await readMail(writeMail({ from, headers })))

describe('relays', () => {
  it.each([
    ['Jane Doe via B4 Relay', 'devnull+jane.example.org@kernel.org', true],
    ['Jane Doe', 'devnull+jane.example.org@kernel.org', true],
    ["'Jane Doe' via boards", 'boards@example.org', true],
    ['Jane Doe', 'jane@example.org', false],
    ['Olivia', 'via@example.org', false],
    ['', 'devnull@kernel.org', false],
  ])('%s <%s>: %s', (name, address, is) => {
    expect(isRelay({ name, address })).toBe(is)
  })
})

describe('a list in the place of who wrote', () => {
  it.each([
    ['Jane Doe via boards', 'boards@example.org', true],
    ['Jane Doe via B4 Relay', 'devnull+jane.example.org@kernel.org', false],
    ['Jane Doe', 'jane@example.org', false],
  ])('%s <%s>: %s', (name, address, is) => {
    expect(isRewritten({ name, address })).toBe(is)
  })
})

describe('who sent a mail', () => {
  it('is its From', async () => {
    expect(await sender('Jane Doe <jane@example.org>', 'Reply-To: other@example.org')).toEqual({
      name: 'Jane Doe',
      address: 'jane@example.org',
    })
  })

  it('is what the relay keeps', async () => {
    const original = 'X-Original-From: Jane Doe <jane@example.org>'
    expect(await sender(relayed, original, 'Reply-To: other@example.org')).toEqual({
      name: 'Jane Doe',
      address: 'jane@example.org',
    })
    expect(await sender(relayed, 'Reply-To: jane@example.org')).toEqual({
      name: 'Jane Doe',
      address: 'jane@example.org',
    })
  })

  it('is the relay under the right name where that keeps nothing, or more than one address', async () => {
    const relay = { name: 'Jane Doe', address: 'devnull+jane.example.org@kernel.org' }
    expect(await sender(relayed)).toEqual(relay)
    expect(await sender(relayed, 'Reply-To: jane@example.org, boards@example.org')).toEqual(relay)
  })
})
