// What bench/model.ts measures, in a process of its own: `kept-probe.ts TREE CACHE [PATH]` models the tree for all configurations
// with what is kept in the cache; with a path, the tree with a line added to that makefile.
import { modelTree } from '../../src/app/kernel-model.ts'
import { openModels } from '../../src/app/kept-models.ts'
import { changeTree } from '../../src/git/change-tree.ts'
import { openRepository, openTree } from '../../src/git/repository.ts'
import { treeOf } from '../../src/git/trees.ts'

const [directory = '.', cacheDirectory = '', path] = process.argv.slice(2)
const opened = await openRepository(directory, { environment: process.env })
if (opened.kind === 'none') throw new Error(opened.reason)
const { repository } = opened
const head = await openTree(repository, 'HEAD')
if (head === null) throw new Error('no HEAD')
const models = openModels(repository, { cacheDirectory, clock: Date.now })

const tree = path === undefined ? head : editedTree(path)
const started = performance.now()
const model = modelTree(tree, { arch: 'x86_64', configuration: null, models })
const modelMs = performance.now() - started
// From the start of the process, with all that it loads.
const totalMs = performance.now()
await repository.close()
process.stdout.write(JSON.stringify({ directories: model.directories.size, modelMs, totalMs }))

function editedTree(edited: string) {
  const text = `${head?.read(edited) ?? ''}\nobj-m += added.o\n`
  const item = { mode: '100644', id: repository.write('blob', Buffer.from(text)) }
  const changed = head === null ? null : changeTree(head, new Map([[edited, item]]), repository)
  const after = changed?.kind === 'tree' ? treeOf(repository, changed.id) : null
  if (after === null) throw new Error(`no ${edited}`)
  return after
}
