import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { describeReal } from './support.ts'
import { commandLine } from '../support/command-line.ts'

const root = resolve(import.meta.dirname, '../..')
const readme = join(root, 'README.md')

/** A block of README.md that a real kernel answers: `head` is the only filter that it may have. */
const block = /<!-- run 6\.12 -->\n```console\n\$ kbuild-review (.*?)(?: \| head -(\d+))?\n([^]*?)```/g

describeReal('README.md on Linux 6.12', ['KBUILD_REVIEW_TREE_6_12'], (tree) => {
  const blocks = [...readFileSync(readme, 'utf8').matchAll(block)]

  it('has commands to run', () => {
    expect(blocks.length).toBeGreaterThan(0)
  })

  it.each(blocks.map(([, args = '', count = '']) => ({ args, count })))(
    'shows what `kbuild-review $args` prints',
    ({ args, count }) => {
      const words = args.split(' ').map((word) => (word === 'linux-6.12' ? tree : word))
      const { stdout } = spawnSync(process.execPath, [...commandLine, ...words], {
        encoding: 'utf8',
        maxBuffer: 1 << 26,
      })
      const lines = stdout.split('\n').slice(0, -1)
      const shown = (count === '' ? lines : lines.slice(0, Number(count))).map((line) => `${line}\n`).join('')
      const text = readFileSync(readme, 'utf8')
      const found = [...text.matchAll(block)].find((each) => each[1] === args)
      if (found === undefined) return expect.unreachable(`README.md has no block for ${args}`)
      if (process.env['UPDATE'] !== '1') {
        expect(found[3]).toBe(shown)
        return
      }
      const at = found.index + found[0].length - 3 - (found[3]?.length ?? 0)
      writeFileSync(readme, text.slice(0, at) + shown + text.slice(at + (found[3]?.length ?? 0)))
    },
    120_000,
  )
})
