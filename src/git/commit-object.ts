import type { Patch } from '../series/series.ts'

/**
 * The bytes of a commit that a patch makes: its author twice, as who wrote and who committed it, and its date, so that
 * the same series on the same base has the same ids everywhere (git's commit.c `commit_tree_extended()`).
 */
export function formatCommit(
  patch: Pick<Patch, 'author' | 'date' | 'title' | 'log'>,
  { tree, parent }: { readonly tree: string; readonly parent: string },
): Uint8Array {
  const person = `${clean(patch.author.name) || 'unknown'} <${clean(patch.author.address)}>`
  const when = `${Math.max(0, Math.floor(patch.date / 1000))} +0000`
  const message = [patch.title, patch.log].map((text) => text.trim()).filter((text) => text !== '')
  return Buffer.from(
    [
      `tree ${tree}`,
      `parent ${parent}`,
      `author ${person} ${when}`,
      `committer ${person} ${when}`,
      '',
      `${message.join('\n\n').replaceAll('\0', '')}\n`,
    ].join('\n'),
  )
}

/** Without what would end the name or the line (git's ident.c `strbuf_addstr_without_crud()`). */
function clean(text: string): string {
  return text.replace(/[<>\0-\x1f]/g, '').trim()
}
