import type { FileDiff } from '../diff/file-diff.ts'
import type { Conflict } from '../series/application.ts'
import { fileConflict } from './explain-conflict.ts'
import type { PatchPart } from './patch-parts.ts'
import { directoryMode, type TreeItem } from './tree-object.ts'
import type { GitTree } from './tree.ts'

/** What stands in the way of a patch before a hunk is looked at: files that are missing, in the way, or of another kind. */
export function obstacles(tree: GitTree, parts: readonly PatchPart[]): readonly Conflict[] {
  return parts.flatMap((part) => {
    const { file } = part
    const missing = file.oldPath === null ? null : oldProblem(tree.item(file.oldPath), part)
    if (missing !== null) return [fileConflict(file.oldPath ?? '', missing)]
    const inTheWay = newProblem(tree, file)
    return inTheWay === null ? [] : [fileConflict(file.newPath ?? '', inTheWay)]
  })
}

function oldProblem(item: TreeItem | null, { file, hunks }: PatchPart): string | null {
  if (item === null) return 'is not in the tree'
  if (item.mode === directoryMode) return 'is a directory'
  if (file.binary) {
    return file.oldBlob !== null && item.id.startsWith(file.oldBlob)
      ? 'is binary, and the patch does not carry its content'
      : 'is binary, and another one than the patch is for'
  }
  if (hunks.length === 0) return null
  if (item.mode === '120000') return 'is a symbolic link, and another one than the patch is for'
  return item.mode === '160000' ? 'is a submodule, at another commit than the patch is for' : null
}

function newProblem(tree: GitTree, file: FileDiff): string | null {
  if (file.newPath === null || file.kind === 'modify' || file.kind === 'delete') return null
  const item = tree.item(file.newPath)
  if (item === null) return null
  if (item.mode === directoryMode) return 'is a directory'
  return file.newBlob !== null && item.id.startsWith(file.newBlob)
    ? 'is in the tree already, with the content that the patch gives it'
    : 'is in the tree already'
}
