import { describe, expect, it } from 'vitest'
import { createProgress } from '../../../src/cli/progress.ts'

describe('the progress line', () => {
  it('writes nothing where it is not shown', () => {
    const written: string[] = []
    const progress = createProgress({ write: (text) => written.push(text), shown: false, width: 80 })
    progress.update('judging 1/2')
    progress.clear()
    expect(written).toEqual([])
  })

  it('fits the terminal, lets no control character through and clears itself', () => {
    const written: string[] = []
    const progress = createProgress({ write: (text) => written.push(text), shown: true, width: 12 })
    progress.update('judging \u001b[31m a long subject')
    progress.clear()
    expect(written).toEqual(['\r\u001b[Kjudging  [3', '\r\u001b[K'])
  })
})
