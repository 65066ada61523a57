import { expect, it } from 'vitest'
import { builtObjects } from '../../src/kbuild/built-objects.ts'
import { modelKernel, remodelKernel } from '../../src/kbuild/kernel-model.ts'
import { diskTree } from './disk-tree.ts'
import { describeReal } from './support.ts'

/** Directories that make goes to for x86_64 under any configuration, at the least. */
const leastDirectories = 1500

for (const [version, variable] of [
  ['6.12', 'KBUILD_REVIEW_TREE_6_12'],
  ['6.1', 'KBUILD_REVIEW_TREE_6_1'],
] as const) {
  describeReal(`the model of Linux ${version} under all configurations`, [variable], (path) => {
    const tree = diskTree(path)
    const model = modelKernel(tree, { arch: 'x86_64' })

    it('comes to directories that all have a makefile', () => {
      expect(model.directories.size).toBeGreaterThan(leastDirectories)
      expect(model.missing).toEqual([])
    })

    it('knows the lists of objects of nearly all directories in full', () => {
      const lists = /^(?:obj|lib)-[ym]$/
      const doubtful = [...model.directories.values()].filter(({ lists: { unknown } }) =>
        unknown.some(({ list }) => lists.test(list)),
      )
      expect(doubtful.length / model.directories.size).toBeLessThan(0.01)
    })

    it('finds the places of a driver that is built in or a module', () => {
      const places = builtObjects(model).get('drivers/tty/serial/8250/8250_port.o') ?? []
      expect(places.map(({ place }) => place)).toEqual([
        { kind: 'builtin' },
        { kind: 'module', path: 'drivers/tty/serial/8250/8250_base' },
      ])
    })

    it('takes over all directories but those that look at a changed file', () => {
      const again = remodelKernel(model, tree, ['drivers/tty/serial/8250/Makefile'])
      const anew = [...again.parts].filter(([directory, parts]) => model.parts.get(directory) !== parts)
      expect(anew.map(([directory]) => directory)).toContain('drivers/tty/serial/8250')
      expect(anew.length).toBeLessThan(20)
      expect([...again.directories.keys()]).toEqual([...model.directories.keys()])
    })
  })
}
