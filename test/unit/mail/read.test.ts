import { describe, expect, it } from 'vitest'
import { readMessage } from '../../../src/mail/read.ts'
import type { Message } from '../../../src/mail/message.ts'

const now = Date.UTC(2025, 0, 15)

export async function read(text: string | Uint8Array): Promise<Message> {
  const result = await readMessage(typeof text === 'string' ? Buffer.from(text) : text, {
    now,
    origin: { kind: 'none' },
  })
  if (result.kind === 'refused') throw new Error(`${result.code}: ${result.reason}`)
  return result.message
}

const plain = `From: Ada Byron <ada@example.org>
To: linux-boards@vger.example.org
Subject: [PATCH 1/2] drivers: board:
 add a switch
Date: Tue, 14 Jan 2025 09:30:00 +0100
Message-ID: <20250114083000.1-ada@example.org>
In-Reply-To: <20250114083000.0-ada@example.org> (Ada's message of "Tue, 14 Jan")
References: <20250110.1@example.org> <20250114083000.0-ada@example.org>
	<20250110.1@example.org>

It was missing.

---
 drivers/board/Makefile | 1 +
`

describe('reading a mail', () => {
  it('gives headers unfolded and ids without brackets, duplicates and prose', async () => {
    const message = await read(plain)
    expect(message).toMatchObject({
      id: '20250114083000.1-ada@example.org',
      inReplyTo: '20250114083000.0-ada@example.org',
      references: ['20250110.1@example.org', '20250114083000.0-ada@example.org'],
      from: { name: 'Ada Byron', address: 'ada@example.org' },
      to: [{ name: '', address: 'linux-boards@vger.example.org' }],
      subject: '[PATCH 1/2] drivers: board: add a switch',
      date: Date.UTC(2025, 0, 14, 8, 30),
    })
  })

  it('keeps the bytes of the text', async () => {
    const message = await read(plain)
    expect(Buffer.from(message.body).toString()).toBe(plain.slice(plain.indexOf('\n\n') + 2))
    expect(Buffer.from(message.raw).toString()).toBe(plain)
  })
})
