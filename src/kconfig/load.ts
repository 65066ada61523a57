import type { Tree } from '../text/tree.ts'
import { finishModel, gatherItems } from './assemble-model.ts'
import { newNode } from './builders.ts'
import { readDialect } from './dialect.ts'
import type { KconfigDialect } from './dialect.ts'
import type { KconfigModel } from './model.ts'
import { readFiles, type Kept, type ReadOptions } from './read-files.ts'

export type LoadOptions = Omit<ReadOptions, 'dialect'> & {
  /** What the kernel's Kconfig means; read from the tree's scripts/kconfig where left out. */
  readonly dialect?: KconfigDialect
}

/** Gives what the Kconfig files of a tree say in an environment of conf. */
export type KconfigLoader = (env: LoadOptions['env']) => KconfigModel

/** The environment that a kernel's top makefile gives conf, as far as it is known without running it. */
export function kernelEnvironment(arch: string, srcarch: string): ReadonlyMap<string, string> {
  return new Map([
    ['ARCH', arch],
    ['SRCARCH', srcarch],
    ['srctree', '.'],
  ])
}

/**
 * Everything that the Kconfig files of a tree say, from its root for one architecture. Files are read in conf's order, so
 * that the first type, the first default and the last assignment are those that conf takes. What conf would stop at is
 * in `problems`, and passed over.
 */
export function loadKconfig(tree: Tree, { env, ...options }: LoadOptions): KconfigModel {
  return createKconfigLoader(tree, options)(env)
}

/**
 * Loads a tree for one architecture after another: each model is what `loadKconfig` gives, and what files come to that would be the same
 * again, such as most of drivers/, is taken over from the models before.
 */
export function createKconfigLoader(tree: Tree, options: Omit<LoadOptions, 'env'>): KconfigLoader {
  const kept = nothingKept()
  let { dialect } = options
  return (env) => {
    dialect ??= readDialect(tree)
    const reading = { ...options, dialect, env }
    const model = loadModel(tree, reading, kept)
    // Conditions name the symbol with `modules`: where that is another, nothing can be shared.
    return model.modules === kept.modules.symbol ? model : loadModel(tree, reading, nothingKept())
  }
}

function nothingKept(): Kept {
  return { portions: new Map(), modules: { operand: { name: 'n', constant: true }, symbol: undefined } }
}

function loadModel(tree: Tree, options: ReadOptions, kept: Kept): KconfigModel {
  const at = { file: options.root ?? 'Kconfig', start: 0, end: 0 }
  const root = newNode({ kind: 'root', name: null, condition: null, at })
  const gathered = gatherItems(readFiles(tree, { ...options, root, kept }))
  const { symbols, choices, modules, files, probes, problems, title } = gathered
  settle(kept.modules, modules)
  finishModel(gathered, options.dialect)
  root.prompt = title ?? { text: 'Main menu', condition: null, own: null, at }
  return { dialect: options.dialect, symbols, choices, root, modules, files, probes, problems }
}

/** The first model tells what the conditions of all of them name. */
function settle(known: Kept['modules'], symbol: string | null): void {
  if (known.symbol !== undefined) return
  known.symbol = symbol
  known.operand.name = symbol ?? 'n'
  known.operand.constant = symbol === null
}
