import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadKconfig } from '../../src/kconfig/load.ts'
import { parseKconfig } from '../../src/kconfig/parse.ts'
import type { Tree } from '../../src/text/tree.ts'
import { diskTree } from './disk-tree.ts'
import { compareKconfig, compareWithRun } from './kconfig-compare.ts'
import { openReferenceKconfig } from './kconfig-reference.ts'
import type { ReferenceKconfig } from './kconfig-reference.ts'
import { describeReal } from './support.ts'

const nothingDiffers = { typeDifferences: [], valueDifferences: [], sameConfig: true, unanswered: [] }

for (const [version, variable, leastSymbols] of [
  ['6.12', 'KBUILD_REVIEW_TREE_6_12', 17_000],
  ['6.1', 'KBUILD_REVIEW_TREE_6_1', 16_000],
] as const) {
  describeReal(`Kconfig of Linux ${version}`, [variable], (path) => {
    describe.each(['x86_64', 'arm64'])('for %s', (arch) => {
      let reference: ReferenceKconfig
      beforeAll(async () => {
        reference = await openReferenceKconfig(path, arch)
      })
      afterAll(() => reference.close())

      it.each(['defconfig', 'allnoconfig', 'allmodconfig', 'allyesconfig'])(
        'has the values of conf for %s',
        async (mode) => {
          const compared = await compareKconfig({ tree: path, arch, mode, reference })
          expect(compared).toMatchObject(nothingDiffers)
          expect(compared.symbols).toBeGreaterThan(leastSymbols)
          expect(compared.values).toBeGreaterThanOrEqual(compared.symbols)
        },
      )

      it.each(['allmodconfig', 'randconfig'])('makes of a damaged %s what olddefconfig does', async (base) => {
        const start = damaged((await reference.run(base)).config)
        const run = await reference.run('olddefconfig', start)
        expect(compareWithRun(diskTree(path), 'olddefconfig', run, start)).toMatchObject(nothingDiffers)
      })
    })

    it('parses every Kconfig file without an error, and all of them in well under a second', () => {
      const texts = kconfigFiles(diskTree(path))
      const before = process.cpuUsage()
      const errors = [...texts].flatMap(([file, text]) =>
        parseKconfig(text)
          .problems.filter(({ kind }) => kind === 'error')
          .map(({ message, start }) => `${file}:${text.slice(0, start).split('\n').length}: ${message}`),
      )
      const seconds = process.cpuUsage(before).user / 1e6
      expect(errors).toEqual([])
      expect(texts.size).toBeGreaterThan(1400)
      expect(seconds).toBeLessThan(1)
    })
  })
}

/** A .config with lines lost, and with bools and tristates set to something else. */
function damaged(config: string): string {
  const lines = config.split('\n').map((line, index) => {
    const [, name] = /^(?:# )?CONFIG_(\w+)(?:=[ymn]| is not set)$/.exec(line) ?? []
    if (index % 7 === 3) return ''
    return name !== undefined && index % 11 === 5 ? `CONFIG_${name}=${'ymn'.charAt(index % 3)}` : line
  })
  return `${lines.join('\n')}\n`
}

/** The Kconfig files that any architecture reads. */
function kconfigFiles(tree: Tree): ReadonlyMap<string, string> {
  const paths = tree.list('arch').flatMap(({ name, kind }) => {
    if (kind !== 'directory') return []
    const env = new Map([['SRCARCH', name]])
    return [...loadKconfig(tree, { env }).files.keys()]
  })
  return new Map([...new Set(paths)].sort().map((path) => [path, tree.read(path) ?? '']))
}
