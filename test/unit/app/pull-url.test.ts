import { describe, expect, it } from 'vitest'
import { parsePullUrl } from '../../../src/app/pull-url.ts'

describe('the address of a pull request', () => {
  it('is read with its server', () => {
    expect(parsePullUrl('https://github.com/boards/linux/pull/12')).toEqual({
      api: 'https://api.github.com',
      owner: 'boards',
      repo: 'linux',
      number: 12,
    })
    expect(parsePullUrl('https://git.boards.example/boards/linux/pull/12/files')).toMatchObject({
      api: 'https://git.boards.example/api/v3',
      number: 12,
    })
  })

  it.each([
    'boards/linux#12',
    'https://github.com/boards/linux/issues/12',
    'https://github.com/boards/linux/pull/0',
    'https://github.com/boards/linux/pull/12x',
    'https://github.com/../linux/pull/12',
    'file:///boards/linux/pull/12',
  ])('is not %s', (text) => {
    expect(parsePullUrl(text)).toBeNull()
  })
})
