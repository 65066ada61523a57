/**
 * What tells our own comments apart when they are read again: an HTML comment in their first line, which GitHub does not show.
 * Anything of strangers stands further down, so nobody can write one for us.
 */
export type Marker =
  | { readonly kind: 'finding'; readonly key: string }
  | { readonly kind: 'summary' }
  /** The answer to a command; `comment` is the id of the comment that gave it. */
  | { readonly kind: 'answer'; readonly comment: string }

/** The first line of a comment. */
export function markerLine(marker: Marker): string {
  switch (marker.kind) {
    case 'finding':
      return `<!-- kbuild-review finding ${marker.key} -->`
    case 'summary':
      return '<!-- kbuild-review summary -->'
    case 'answer':
      return `<!-- kbuild-review answer ${marker.comment} -->`
  }
}

/** The marker of a comment; null where it has none. That we wrote the comment is for the caller to know. */
export function readMarker(body: string): Marker | null {
  const [, kind = '', value = ''] =
    /^<!-- kbuild-review (finding|summary|answer)(?: ([\w-]{1,64}))? -->(?:\r?\n|$)/.exec(body) ?? []
  if (kind === 'summary') return { kind }
  if (value === '') return null
  if (kind === 'finding') return { kind, key: value }
  return kind === 'answer' ? { kind, comment: value } : null
}
