import { posix } from 'node:path'
import type { FileDiff } from '../diff/file-diff.ts'

/** The symbolic links of a patch that lead out of the tree, as a clause for each: they may be applied, nobody follows them here. */
export function outsideLinks(files: readonly FileDiff[]): readonly string[] {
  return files.flatMap((file) => {
    const target = file.newMode === '120000' ? file.hunks[0]?.lines.find(({ kind }) => kind === 'add')?.text : undefined
    if (target === undefined || file.newPath === null) return []
    const end = posix.isAbsolute(target) ? target : posix.join(posix.dirname(file.newPath), target)
    return end.startsWith('/') || end === '..' || end.startsWith('../')
      ? [`the symbolic link ${file.newPath} leads out of the tree`]
      : []
  })
}
