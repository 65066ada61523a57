import { oncePer } from './once-per.ts'
import type { Tree } from './tree.ts'

/** Says of a tree that files will be read, of each file once: models of many architectures lead to the same makefiles. */
export const prefetchOnce: (tree: Tree) => (paths: Iterable<string>) => void = oncePer((tree) => {
  const asked = new Set<string>()
  return (paths) => {
    const fresh = [...paths].filter((path) => !asked.has(path))
    if (fresh.length === 0) return
    for (const path of fresh) asked.add(path)
    tree.prefetch(fresh)
  }
})
