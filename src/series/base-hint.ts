import type { BaseHint } from './series.ts'

/** What one mail says of the base, as `BaseHint`, and of the identity of its series. */
export type MailHint = Omit<BaseHint, 'branch'> & { readonly changeId: string | null }

const hex = /^[0-9a-f]{7,64}$/u

/**
 * Reads the lines that git format-patch --base and b4 write: `base-commit:`, `prerequisite-patch-id:`, b4's `change-id:` (not
 * Gerrit's `Change-Id: I...`), `prerequisite-message-id:`, `prerequisite-change-id:`, and `Depends-on:` with a Message-ID or a link
 * to one. Only at the start of a line: quoted ones and those of a diff do not count. They stand below the diff as well as above it.
 */
export function readMailHint(text: string): MailHint {
  let commit: string | null = null
  let changeId: string | null = null
  const patchIds = new Set<string>()
  const others = new Set<string>()
  for (const line of text.split('\n')) {
    const [, name, value] =
      /^(base-commit|change-id|prerequisite-(?:patch|message|change)-id|Depends-on):[ \t]*(\S.{0,1000})$/iu.exec(
        line,
      ) ?? []
    if (name === undefined || value === undefined) continue
    const [word = ''] = value.split(/\s/u, 1)
    const key = name.toLowerCase()
    if (key === 'base-commit') commit ??= hex.test(word) ? word : null
    else if (key === 'prerequisite-patch-id') {
      if (hex.test(word)) patchIds.add(word)
    } else if (key === 'change-id') changeId ??= name === 'change-id' && !/^I[0-9a-f]{40}$/u.test(word) ? word : null
    else if (key === 'prerequisite-change-id') others.add(word)
    else for (const id of messageIdsIn(value)) others.add(id)
  }
  return { commit, changeId, prerequisitePatchIds: [...patchIds], prerequisites: [...others] }
}

/** Message-IDs in angle brackets, in links to lore.kernel.org and patch.msgid.link, or bare. */
function messageIdsIn(value: string): readonly string[] {
  const bracketed = [...value.matchAll(/<([^<>\s]{1,250}@[^<>\s]{1,250})>/gu)].map(([, id = '']) => id)
  if (bracketed.length > 0) return bracketed.map(fromUrl)
  return value
    .split(/[\s,<>]+/u)
    .filter((word) => /@|%40/u.test(word))
    .map(fromUrl)
}

/** `https://lore.kernel.org/all/ID/T/#u` is ID. */
function fromUrl(word: string): string {
  if (!/^https?:\/\//u.test(word)) return word
  const part = word.split('/').find((piece) => piece.includes('@') || /%40/u.test(piece)) ?? word
  return part.replace(/%40/gu, '@').replace(/%2B/giu, '+').replace(/%3D/giu, '=').replace(/%2F/giu, '/')
}
