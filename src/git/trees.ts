import { openCheckout } from './checkout.ts'
import { ObjectReader } from './object-reader.ts'
import type { ObjectFormat } from './private-repository.ts'
import { createTree, type GitTree } from './tree.ts'
import { createTreeStore, maxBlobBytes, type TreeStore } from './tree-store.ts'

/** Where trees are read, as data: another thread can read them there too, as long as the repository is open. */
export type TreePlace = {
  /** A git directory that has the objects. */
  readonly gitDirectory: string
  readonly format: ObjectFormat
  /** The directory of a checkout that may have files of the trees; null where there is none. */
  readonly workTree: string | null
  /** All of the environment that git gets. */
  readonly env: Readonly<Record<string, string>>
}

/** The trees of a repository, and only them. Close its reader. */
export type Trees = { readonly reader: ObjectReader; readonly store: TreeStore }

/** Opens trees without a question to git: the first one starts it. */
export function openTrees({ gitDirectory, format, workTree, env }: TreePlace): Trees {
  const reader = new ObjectReader(gitDirectory, env)
  const checkout = workTree === null ? null : openCheckout(workTree, { format, maxBytes: maxBlobBytes })
  return { reader, store: createTreeStore({ reader, format, checkout }) }
}

/** The tree of a commit, tag or tree with a full id, at once; null where the repository has none. */
export function treeOf({ reader, store }: Trees, id: string): GitTree | null {
  const [object] = reader.read([`${id}^{tree}`], 0)
  return object === null || object === undefined ? null : createTree(store, object.id)
}
