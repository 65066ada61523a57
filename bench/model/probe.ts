// What bench/model.ts measures, in a process of its own: `probe.ts TREE CONFIG` models the tree, writes all records as text,
// then models it five times with one makefile changed. The modules are loaded as bin/kbuild-review.mjs loads them.
import { readFileSync } from 'node:fs'
import { prepareProcess } from '../../bin/prepare.mjs'
import type { Tree } from '../../src/text/tree.ts'

prepareProcess('objects')
const { modelTree } = await import('../../src/app/kernel-model.ts')
const { openRepository, openTree } = await import('../../src/git/repository.ts')
const { directoryRecords } = await import('../../src/kbuild/directory-record.ts')
const { remodelKernel } = await import('../../src/kbuild/kernel-model.ts')

const [directory = '.', config = ''] = process.argv.slice(2)
const opened = await openRepository(directory, { environment: process.env })
if (opened.kind === 'none') throw new Error(opened.reason)
const tree = await openTree(opened.repository, 'HEAD')
if (tree === null) throw new Error('no HEAD')
const model = modelTree(tree, { arch: 'x86_64', configuration: readFileSync(config, 'utf8') })
const records = directoryRecords(model)
const text = records.map((record) => JSON.stringify(record)).join('\n')
const { maxRSS } = process.resourceUsage()

const path = 'drivers/tty/serial/8250/Makefile'
const times: number[] = []
for (let round = 0; round < 5; round++) {
  const changed: Tree = {
    ...tree,
    read: (asked) => (asked === path ? `${tree.read(path) ?? ''}\nobj-m += round${round}.o\n` : tree.read(asked)),
    blob: (asked) => (asked === path ? null : tree.blob(asked)),
  }
  const started = performance.now()
  remodelKernel(model, changed, [path])
  times.push(performance.now() - started)
}
const changedTotalMs = times.reduce((sum, ms) => sum + ms, 0)
const changedMs = times.sort((a, b) => a - b)[2] ?? Number.NaN
await opened.repository.close()
process.stdout.write(
  JSON.stringify({
    directories: records.length,
    bytes: text.length,
    megabytes: Math.round(maxRSS / 1000),
    changedMs,
    changedTotalMs,
  }),
)
