import { describe, expect, it } from 'vitest'
import { modelKernel } from '../../../src/kbuild/kernel-model.ts'
import { createModelMemory } from '../../../src/kbuild/model-keeper.ts'
import { kernelWith } from './small-kernel.ts'

describe('createModelMemory', () => {
  const model = modelKernel(kernelWith({}), { arch: 'x86' })
  const named = (id: string | null) => ({ ...model, tree: { ...model.tree, id } })

  it('finds models by the ids of their trees, those used last first', () => {
    const memory = createModelMemory()
    for (const id of ['a', 'b', 'c']) memory.keep(named(id))
    expect(memory.find(named('a').tree)?.tree.id).toBe('a')
    expect(memory.recent().map(({ tree }) => tree.id)).toEqual(['a', 'c', 'b'])
    expect(memory.find(named('d').tree)).toBeNull()
  })

  it('remembers the last eight, and none of a tree without an id', () => {
    const memory = createModelMemory()
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) memory.keep(named(id))
    memory.keep(named(null))
    expect(memory.find(named('a').tree)).toBeNull()
    expect(memory.recent().map(({ tree }) => tree.id)).toEqual(['i', 'h', 'g', 'f', 'e', 'd', 'c', 'b'])
  })
})
