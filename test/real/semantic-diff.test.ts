import { expect, it } from 'vitest'
import { buildChanges } from '../../src/changes/build-changes.ts'
import { modelKernel } from '../../src/kbuild/kernel-model.ts'
import { symbolTypes } from '../../src/kbuild/symbol-types.ts'
import { kernelEnvironment, loadKconfig } from '../../src/kconfig/load.ts'
import type { KconfigModel } from '../../src/kconfig/model.ts'
import { parseKconfig } from '../../src/kconfig/parse.ts'
import type { Tree } from '../../src/text/tree.ts'
import { diskTree } from './disk-tree.ts'
import { parseEach } from '../../src/kconfig/files.ts'
import { createRandom } from './mutate-makefile.ts'
import { conditionalEdit, kconfigEdits, makefileEdits, plantedEdits, plantedKconfigEdits } from './neutral-edits.ts'
import type { Edit } from './neutral-edits.ts'
import { describeReal } from './support.ts'

/** Edits of a kind, where few makefiles have a place for them. */
const rareEdits: Readonly<Record<string, number>> = {
  'branches swapped': 3,
  'renamed local variable': 8,
  'words in another order': 8,
}
const neutralEdits = (kind: string): number => rareEdits[kind] ?? 15

/** Files that are tried for a place that an edit fits. */
const attempts = 10_000

describeReal('the semantic diff of Linux 6.12', ['KBUILD_REVIEW_TREE_6_12'], (path) => {
  const tree = diskTree(path)
  const files = new Map<string, ReturnType<typeof parseKconfig>>()
  const parse = (text: string) => files.get(text) ?? files.set(text, parseKconfig(text)).get(text) ?? parseKconfig(text)
  const load = (of: Tree): KconfigModel =>
    loadKconfig(of, { env: kernelEnvironment('x86_64', 'x86'), files: parseEach(parse) })
  const kconfig = load(tree)
  const model = modelKernel(tree, { arch: 'x86_64', ...symbolTypes(kconfig) })
  const makefiles = [...model.directories.values()].flatMap(({ makefile, path: at }) => (at === '.' ? [] : [makefile]))
  const kconfigs = [...kconfig.files.keys()]

  /** What an edit of a file changes in the build. */
  const linesOf = (file: string, text: string): readonly string[] => {
    const after = { ...tree, read: (asked: string) => (asked === file ? text : tree.read(asked)) }
    const kconfigOf = (of: Tree): KconfigModel => (of === tree ? kconfig : load(of))
    return buildChanges(tree, after, { touched: [file], modelOf: () => model, kconfigOf }).lines
  }

  /** The files and texts of `count` edits; fewer are a failure. */
  const edited = (among: readonly string[], edit: Edit, count: number) => {
    const random = createRandom(count * 7919 + among.length)
    const found = new Map<string, string>()
    for (let left = attempts; left > 0 && found.size < count; left--) {
      const file = among[random(among.length)] ?? ''
      const text = tree.read(file) ?? ''
      const after = found.has(file) ? null : edit(text, random)
      if (after !== null && after !== text) found.set(file, after)
    }
    expect(found.size, 'places for the edit').toBe(count)
    return [...found]
  }

  const isBool = (symbol: string): boolean => kconfig.symbols.get(symbol)?.type === 'bool'
  const neutral = { ...makefileEdits, 'list as a conditional': conditionalEdit(isBool) }
  const told = (among: readonly string[], edit: Edit, count: number) =>
    edited(among, edit, count).map(([file, text]) => ({ file, lines: linesOf(file, text) }))

  it.each(Object.entries(neutral))('tells nothing of makefiles with %s', (kind, edit) => {
    expect(told(makefiles, edit, neutralEdits(kind)).filter(({ lines }) => lines.length > 0)).toEqual([])
  })

  it.each(Object.entries(kconfigEdits))('tells nothing of Kconfig files with %s', (_, edit) => {
    expect(told(kconfigs, edit, 8).filter(({ lines }) => lines.length > 0)).toEqual([])
  })

  it.each(Object.entries(plantedEdits))('tells of makefiles with: %s', (_, edit) => {
    expect(told(makefiles, edit, 10).filter(({ lines }) => lines.length === 0)).toEqual([])
  })

  it.each(Object.entries(plantedKconfigEdits))('tells of Kconfig files with: %s', (_, edit) => {
    expect(told(kconfigs, edit, 4).filter(({ lines }) => lines.length === 0)).toEqual([])
  })
})
