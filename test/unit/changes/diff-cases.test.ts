import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildChanges } from '../../../src/changes/build-changes.ts'
import { modelKernel } from '../../../src/kbuild/kernel-model.ts'
import { symbolTypes } from '../../../src/kbuild/symbol-types.ts'
import { kernelEnvironment, loadKconfig } from '../../../src/kconfig/load.ts'
import type { Tree } from '../../../src/text/tree.ts'
import { readTreeLiteral } from '../../support/tree.ts'
import { kernelWith } from '../kbuild/small-kernel.ts'

/**
 * A case is a directory: `before/` and `after/` hold files of the small kernel that stand in place of its own, or beside them;
 * `expected.txt` is what the diff tells, a line each.
 */
const cases = join(import.meta.dirname, 'diff-cases')

const env = kernelEnvironment('x86', 'x86')

function filesOf(directory: string): Readonly<Record<string, string>> {
  const files = Object.entries(readTreeLiteral(directory))
  return Object.fromEntries(files.map(([path, file]) => [path, typeof file === 'string' ? file : file.text]))
}

describe('the semantic diff of two trees', () => {
  it.each(readdirSync(cases).sort())('%s', (name) => {
    const [before, after] = [filesOf(join(cases, name, 'before')), filesOf(join(cases, name, 'after'))]
    const touched = Object.keys({ ...before, ...after }).filter((path) => before[path] !== after[path])
    const modelOf = (tree: Tree) => modelKernel(tree, { arch: 'x86', ...symbolTypes(loadKconfig(tree, { env })) })
    const { lines, notes } = buildChanges(kernelWith(before), kernelWith(after), { touched, modelOf })
    const text = [...lines, ...notes].map((line) => `${line}\n`).join('')
    const file = join(cases, name, 'expected.txt')
    if (process.env['UPDATE'] === '1') writeFileSync(file, text)
    expect(text).toBe(readFileSync(file, 'utf8'))
  })
})
