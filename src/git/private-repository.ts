import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The hash that a repository names its objects by (gitformat-pack(5), extensions.objectFormat). */
export type ObjectFormat = 'sha1' | 'sha256'

/**
 * Lays out an empty bare repository that borrows the objects of another one (gitrepository-layout(5),
 * objects/info/alternates). Whatever git writes while it works here, indexes, objects, notes of conflicts, lands here,
 * and no hook, configuration or lock of the other repository is looked at.
 */
export function layOutRepository(
  path: string,
  { objects, format }: { readonly objects: string; readonly format: ObjectFormat },
): void {
  mkdirSync(join(path, 'objects', 'info'), { recursive: true })
  mkdirSync(join(path, 'refs'))
  writeFileSync(join(path, 'HEAD'), 'ref: refs/heads/none\n')
  writeFileSync(join(path, 'objects', 'info', 'alternates'), `${quoted(objects)}\n`)
  const extension = format === 'sha1' ? '' : `[extensions]\n\tobjectFormat = ${format}\n`
  const version = format === 'sha1' ? 0 : 1
  writeFileSync(join(path, 'config'), `[core]\n\trepositoryFormatVersion = ${version}\n\tbare = true\n${extension}`)
}

/** git unquotes a line of alternates that begins with a quote (git's object-file.c `parse_alt_odb_entry()`). */
function quoted(path: string): string {
  return /^["#]|[\n\\]/.test(path) ? JSON.stringify(path) : path
}
