import { describe, expect, it } from 'vitest'
import { once } from '../../../src/text/once.ts'

describe('once', () => {
  it('works nothing out before it is asked, and then once, even where nothing comes of it', () => {
    const asked: string[] = []
    const answer = once((): string | undefined => {
      asked.push('usb')
      return undefined
    })
    expect(asked).toEqual([])
    expect([answer(), answer()]).toEqual([undefined, undefined])
    expect(asked).toEqual(['usb'])
  })
})
