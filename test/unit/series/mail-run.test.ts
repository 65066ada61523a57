import { describe, expect, it } from 'vitest'
import { mailRun } from '../../../src/series/mail-run.ts'

describe('mailRun', () => {
  it.each([
    ['20250106100000.4711-3-ada@example.org', '20250106100000.4711-ada@example.org', 3],
    ['1736157600-4711-3-git-send-email-ada@example.org', '1736157600-4711-ada@example.org', 3],
    ['20250106-divider-v3-2-1a2b3c4d5e6f@example.org', '20250106-divider-v3-1a2b3c4d5e6f@example.org', 2],
    ['cover.1736157600.git.ada@example.org', '1736157600.git.ada@example.org', null],
    [`${'a'.repeat(40)}.1736157600.git.ada@example.org`, '1736157600.git.ada@example.org', null],
  ])('knows the run of %s', (id, run, serial) => {
    expect(mailRun(id)).toEqual({ run, serial })
  })

  it.each(['Z3vKx1yYw@alley', 'CAK7LNAQ@mail.gmail.com', '87r0abcd.fsf@example.org', ''])('knows none of %j', (id) => {
    expect(mailRun(id)).toBeNull()
  })
})
