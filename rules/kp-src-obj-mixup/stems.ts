import type { Tree } from '../../src/text/tree.ts'

/**
 * What `%` of a pattern, a path from the top of the tree, can stand for among the files that are there, in one directory. A pattern without
 * an ending stands for names without a dot alone.
 */
export function stemsOf(tree: Tree, pattern: string): readonly string[] {
  const slash = pattern.lastIndexOf('/')
  const [prefix = '', suffix = ''] = pattern.slice(slash + 1).split('%')
  if (pattern.slice(0, slash).includes('%')) return []
  return tree.list(pattern.slice(0, slash)).flatMap(({ name, kind }) => {
    if (kind === 'directory' || !name.startsWith(prefix) || !name.endsWith(suffix)) return []
    const stem = name.slice(prefix.length, Math.max(prefix.length, name.length - suffix.length))
    return stem !== '' && (suffix !== '' || !stem.includes('.')) ? [stem] : []
  })
}
