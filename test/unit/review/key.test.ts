import { describe, expect, it } from 'vitest'
import { fingerprintOf, identityOf, keyOf } from '../../../src/review/key.ts'

const text = 'obj-y += \\\n\tclock.o\t reset.o\n'
const at = { file: 'drivers/clk/Makefile', start: 0, end: text.length }

describe('identityOf', () => {
  it('is the subject where the rule gives one, whatever the message says', () => {
    expect(identityOf({ at, message: '`clock.o` has no source', subject: 'clock.o' }, text)).toBe('clock.o')
  })

  it('does not change with white space and continuations', () => {
    const tidy = 'obj-y += clock.o reset.o\n'
    const report = { at, message: 'no source' }
    expect(identityOf(report, text)).toBe(identityOf({ ...report, at: { ...at, end: tidy.length } }, tidy))
  })

  it('does not change with line numbers in the message', () => {
    const says = (message: string): string => identityOf({ at, message }, text)
    expect(says('`ifdef` of line 12 has no `endif`')).toBe(says('`ifdef` of line 408 has no `endif`'))
    expect(says('needs GNU make 4')).not.toBe(says('needs GNU make 5'))
  })
})

describe('keyOf', () => {
  const fingerprint = { rule: 'missing-source', path: 'drivers/clk/Makefile', identity: 'clock.o' }

  it('is the same for the same finding and another for anything else', () => {
    expect(keyOf({ ...fingerprint }, 0)).toBe(keyOf(fingerprint, 0))
    const others = [
      keyOf(fingerprint, 1),
      keyOf({ ...fingerprint, rule: 'shared-object' }, 0),
      keyOf({ ...fingerprint, path: 'drivers/reset/Makefile' }, 0),
      keyOf({ ...fingerprint, identity: 'reset.o' }, 0),
    ]
    expect(new Set([keyOf(fingerprint, 0), ...others]).size).toBe(5)
  })

  it('is a word that fits in a header and a file name', () => {
    expect(keyOf(fingerprint, 0)).toMatch(/^[0-9a-f]{24}$/)
  })

  it('cannot be forged by where one part ends and the next begins', () => {
    expect(fingerprintOf({ rule: 'a', path: 'b","c', identity: 'd' })).not.toBe(
      fingerprintOf({ rule: 'a', path: 'b', identity: 'c","d' }),
    )
  })
})
