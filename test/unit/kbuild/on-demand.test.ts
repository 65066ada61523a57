import { describe, expect, it } from 'vitest'
import { onDemand } from '../../../src/kbuild/on-demand.ts'

/** Each name has its own bits, and those of all that it names. */
const sums = (graph: Readonly<Record<string, readonly [own: number, ...names: string[]]>>, visits = 1000) => {
  const asked: string[] = []
  const of = onDemand(
    (name, each) => {
      asked.push(name)
      const [own = 0, ...names] = graph[name] ?? []
      return names.reduce((sum, other) => sum | each(other), own)
    },
    { top: 7, visits },
  )
  return { of, asked }
}

describe('onDemand', () => {
  it('works out what is asked for and what that hangs on, once', () => {
    const { of, asked } = sums({ board: [1, 'clock'], clock: [2], panel: [4] })
    expect([of('board'), of('clock'), of('board')]).toEqual([3, 2, 3])
    expect(asked).toEqual(['board', 'clock'])
  })

  it('gives each name of a circle all that the circle comes to, whichever is asked first', () => {
    const graph = { board: [1, 'clock'], clock: [0, 'panel', 'board'], panel: [4, 'clock'] } as const
    for (const first of ['board', 'clock', 'panel']) {
      const { of } = sums(graph)
      of(first)
      expect([of('board'), of('clock'), of('panel')]).toEqual([5, 5, 5])
    }
  })

  it('takes what hangs on too much for anything', () => {
    const row = Array.from({ length: 1000 }, (_, at) => [`link${at}`, [0, `link${at + 1}`]] as const)
    expect(sums(Object.fromEntries(row)).of('link0')).toBe(7)
    expect(sums(Object.fromEntries(row)).of('link900')).toBe(0)
    expect(sums(Object.fromEntries(row), 50).of('link900')).toBe(7)
  })
})
