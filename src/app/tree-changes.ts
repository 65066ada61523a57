import type { GitTree } from '../git/tree.ts'
import { directoryMode } from '../git/tree-object.ts'

/** The paths of the files that two trees have differently, or only one of them has, sorted: nothing below equal directories is read. */
export function changedFiles(before: GitTree, after: GitTree): readonly string[] {
  return changedFilesWithin(before, after, Infinity) ?? []
}

/** The same where there are no more than `most`; else null, as soon as that is known. */
export function changedFilesWithin(before: GitTree, after: GitTree, most: number): readonly string[] | null {
  const changed: string[] = []
  const open: string[] = ['']
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    const entries = new Map([...before.list(directory), ...after.list(directory)].map((entry) => [entry.name, entry]))
    for (const name of entries.keys()) {
      const path = directory === '' ? name : `${directory}/${name}`
      const [old, young] = [before.item(path), after.item(path)]
      if (old?.id === young?.id && old?.mode === young?.mode) continue
      const there = [old, young].filter((item) => item !== null)
      if (there.some(({ mode }) => mode === directoryMode)) open.push(path)
      if (there.some(({ mode }) => mode !== directoryMode)) changed.push(path)
    }
    if (changed.length > most) return null
  }
  return changed.sort()
}
