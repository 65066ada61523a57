import { describe, expect, it } from 'vitest'
import { maskMessage, maskName } from '../../../src/build/mask-message.ts'

describe('masking a message', () => {
  it.each([
    ['line 12 of 40', 'line # of #'],
    ['pump_start+0x1f: unreachable instruction', 'pump_start+#: unreachable instruction'],
    ["relocation at ffffffff81000000 of 'pump'", "relocation at # of 'pump'"],
    ['redefinition of __UNIQUE_ID_alias412', 'redefinition of __UNIQUE_ID_alias#'],
    ['/tmp/ccbM2i5I.s is gone', '/tmp/#.s is gone'],
    ['pump.constprop.3 calls pump.isra.12', 'pump.constprop.# calls pump.isra.#'],
    ['unused variable ‘level’', "unused variable 'level'"],
  ])('makes %j %j', (message, masked) => {
    expect(maskMessage(message)).toBe(masked)
  })

  it.each(['pump2', 'valve-3', 'defaced', 'int32_t', 'a1b2.o'])('leaves the name %j', (name) => {
    expect(maskMessage(name)).toBe(name)
  })

  it('leaves all other numbers of a name', () => {
    expect(maskName('__UNIQUE_ID_pump405 pump.part.0 0x12 test 3')).toBe('__UNIQUE_ID_pump# pump.part.# 0x12 test 3')
  })

  it('takes a long line in its stride', () => {
    const started = performance.now()
    for (const piece of ['0', 'f', '__UNIQUE_ID_', '.part', '1 ', '-']) maskMessage(piece.repeat(50_000))
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
