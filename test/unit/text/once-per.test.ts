import { describe, expect, it } from 'vitest'
import { oncePer } from '../../../src/text/once-per.ts'

describe('oncePer', () => {
  it('derives once from an object, and again from an equal one', () => {
    const asked: string[] = []
    const lengthOf = oncePer(({ path }: { readonly path: string }) => {
      asked.push(path)
      return path.length
    })
    const makefile = { path: 'drivers/serial/Makefile' }
    expect([lengthOf(makefile), lengthOf(makefile), lengthOf({ ...makefile })]).toEqual([23, 23, 23])
    expect(asked).toEqual(['drivers/serial/Makefile', 'drivers/serial/Makefile'])
  })

  it('keeps that nothing was found', () => {
    let count = 0
    const findTop = oncePer(({ path }: { readonly path: string }): string | null => {
      count++
      return path.startsWith('arch/') ? path : null
    })
    const makefile = { path: 'drivers/serial/Makefile' }
    expect([findTop(makefile), findTop(makefile)]).toEqual([null, null])
    expect(count).toBe(1)
  })
})
