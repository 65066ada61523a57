import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { endianness } from 'node:os'
import { join } from 'node:path'
import { treeOf, type Trees } from '../git/trees.ts'
import { modelKernel, type KernelModel, type ModelOptions } from '../kbuild/kernel-model.ts'
import { createModelMemory, type ModelMemory } from '../kbuild/model-keeper.ts'
import { countAnew, reuseModel } from '../kbuild/reuse-model.ts'
import { loadModel, modelOptions, storeModel } from '../kbuild/stored-model.ts'
import type { SymbolTypes } from '../kbuild/symbol-types.ts'
import { createTypeLedger } from '../kbuild/type-ledger.ts'
import type { Clock } from '../ports.ts'
import { openSnapshots, type Snapshots } from '../store/snapshots.ts'
import type { Tree } from '../text/tree.ts'
import { changedFilesWithin } from './tree-changes.ts'

/**
 * Models a tree, in the cheapest way that there is: from memory, from the disk, from the model of a tree that differs in few
 * files, or anew. The model is the same in each way, up to the numbers of its conditions.
 */
export type KeptModels = {
  readonly model: (tree: Tree, options: ModelOptions) => KernelModel
  /** Remembers a model that was made elsewhere, for the trees after it. */
  readonly keep: (model: KernelModel) => void
}

export type KeepingOptions = {
  readonly repository: Trees
  /** Null keeps models in memory alone. */
  readonly snapshots: Snapshots | null
  /** What makes the models: another program may make others of the same tree. Asked once, when a model is looked for. */
  readonly program: () => string
}

/** Files that may differ between two trees before one is of no use for the other: the whole of 6.12 and 6.13 differ in 13,000. */
const maxChanged = 3000

/** Models looked at for one that is near: the ones used last. */
const maxCandidates = 3

/** Directories evaluated anew after which a model is written, as reading it back is then cheaper than making it again. */
const worthKeeping = 200

/** The models of a kernel's trees, kept in the cache directory between runs. */
export function openModels(repository: Trees, { cacheDirectory, clock }: ModelCache): KeptModels {
  const snapshots = openSnapshots(join(cacheDirectory, 'models'), { clock })
  return createKeptModels({ repository, snapshots, program: modelProgram })
}

/** Where models lie, and what time it is. */
export type ModelCache = { readonly cacheDirectory: string; readonly clock: Clock }

/** Keeps the models of a repository's trees. */
export function createKeptModels({ repository, snapshots, program }: KeepingOptions): KeptModels {
  let made: string | null = null
  const memories = new Map<string, ModelMemory>()
  const memoryOf = (arch: string): ModelMemory => {
    const memory = memories.get(arch) ?? createModelMemory()
    memories.set(arch, memory)
    return memory
  }
  return {
    keep: (model) => memoryOf(model.arch).keep(model),
    model: (tree, options) => {
      if (options.configuration !== undefined || tree.id === null) return modelKernel(tree, options)
      const memory = memoryOf(options.arch)
      made ??= program()
      const request: Request = { repository, snapshots, program: made, tree, options, types: typesIn(options), memory }
      const model = memory.find(tree) ?? loadKept(request, tree) ?? reuseNearest(request) ?? makeAnew(request)
      memory.keep(model)
      return model
    },
  }
}

type Request = Omit<KeepingOptions, 'program'> & {
  readonly program: string
  readonly tree: Tree
  readonly options: ModelOptions
  readonly types: SymbolTypes
  readonly memory: ModelMemory
}

function typesIn({ typeOf = () => 'tristate', symbolText = () => null }: ModelOptions): SymbolTypes {
  return { typeOf, symbolText }
}

/** The model of a tree from the disk; null where there is none. */
function loadKept({ snapshots, program, options, types }: Request, tree: Tree): KernelModel | null {
  const key = keyOf(program, options, tree)
  const bytes = key === null ? null : (snapshots?.read(key) ?? null)
  return bytes === null ? null : loadModel(bytes, tree, { ...plain(options), types })
}

/** The model by way of one of those used last, in memory and on the disk; null where all are too far. */
function reuseNearest(request: Request): KernelModel | null {
  const { repository, snapshots, program, options, types, memory, tree } = request
  const remembered = memory.recent().slice(0, maxCandidates)
  const known = new Set(remembered.map((model) => model.tree.id))
  const onDisk = (snapshots?.recent(groupOf(program, options)) ?? []).filter((id) => !known.has(id))
  const candidates = [
    ...remembered.map((model) => ({ id: model.tree.id ?? '', load: () => model })),
    ...onDisk.slice(0, maxCandidates).map((id) => ({ id, load: (old: Tree) => loadKept(request, old) })),
  ]
  const own = tree.id === null || candidates.length === 0 ? null : treeOf(repository, tree.id)
  for (const { id, load } of candidates) {
    const old = treeOf(repository, id)
    const changed = old === null || own === null ? null : changedFilesWithin(old, own, maxChanged)
    const near = old === null || changed === null ? null : load(old)
    const model = near === null || changed === null ? null : reuseModel(near, tree, { changed, types })
    if (near === null || model === null) continue
    if (countAnew(model, near) > worthKeeping) store(request, model)
    return model
  }
  return null
}

function makeAnew(request: Request): KernelModel {
  const { tree, options, types } = request
  const model = modelKernel(tree, modelOptions({ ...plain(options), ledger: createTypeLedger(types) }))
  store(request, model)
  return model
}

function store({ snapshots, program, options, tree }: Request, model: KernelModel): void {
  const key = keyOf(program, options, tree)
  const bytes = snapshots === null || key === null ? null : storeModel(model)
  if (bytes !== null && key !== null) snapshots?.write(key, bytes)
}

function plain({ arch, parse }: ModelOptions): Pick<ModelOptions, 'arch' | 'parse'> {
  return { arch, ...(parse !== undefined && { parse }) }
}

function keyOf(program: string, options: ModelOptions, { id }: Tree): { group: string; id: string } | null {
  return id === null ? null : { group: groupOf(program, options), id }
}

function groupOf(program: string, { arch }: ModelOptions): string {
  return JSON.stringify(['model', program, arch])
}

/** The rooms whose code decides what a model is. */
const deciding = ['text', 'cond', 'make', 'kconfig', 'kbuild']

/** Names the program that makes models: by the text of the modules that decide what they are, and the order of bytes in its numbers. */
export function modelProgram(): string {
  const rooms = join(import.meta.dirname, '..')
  const hash = createHash('sha256').update(endianness())
  for (const room of deciding) {
    for (const name of readdirSync(join(rooms, room)).sort())
      if (/\.[jt]s$/.test(name)) hash.update(`${room}/${name}\0`).update(readFileSync(join(rooms, room, name)))
  }
  return hash.digest('hex')
}
