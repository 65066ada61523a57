import { describe, expect, it } from 'vitest'
import { onceFor } from '../../../src/text/once-for.ts'

describe('onceFor', () => {
  it('derives once for each text, be it nothing that comes of it', () => {
    const asked: string[] = []
    const baseOf = onceFor((path) => {
      asked.push(path)
      return path === '' ? undefined : path.split('/').at(-1)
    })
    expect(['lib/crc.c', '', 'lib/crc.c', ''].map(baseOf)).toEqual(['crc.c', undefined, 'crc.c', undefined])
    expect(asked).toEqual(['lib/crc.c', ''])
  })
})
