import { describe, expect, it } from 'vitest'
import { createModelKeeper } from '../../../src/kbuild/model-keeper.ts'
import { kernelWith } from './small-kernel.ts'

describe('createModelKeeper', () => {
  it('models a tree with an id once', () => {
    const keeper = createModelKeeper('x86')
    const tree = { ...kernelWith({}), id: '1'.repeat(40) }
    expect(keeper(tree)).toBe(keeper({ ...tree }))
    expect(keeper(kernelWith({}))).not.toBe(keeper(kernelWith({})))
  })
})
