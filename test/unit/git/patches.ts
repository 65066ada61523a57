import { parseDiff } from '../../../src/diff/parse-diff.ts'
import type { BaseHint, Patch, Series } from '../../../src/series/series.ts'

/** A patch out of what `git format-patch` writes, or out of a bare body: as much of it as applying needs. */
export function patchOf(text: string, index = 1): Patch {
  const isMail = text.startsWith('From ')
  const end = isMail ? text.indexOf('\n\n') : -2
  const headers = isMail ? text.slice(0, end) : ''
  const body = text.slice(end + 2)
  const header = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(headers)?.[1] ?? ''
  const [, name = 'Ada Author', address = 'ada@boards.example'] = /^(.*) <(.*)>$/.exec(header('From')) ?? []
  const author = { name, address }
  const date = Date.parse(header('Date') || 'Sat, 1 Jun 2024 12:00:00 +0000')
  const title = header('Subject').replace(/^\[.*?\] /, '') || 'boards: change'
  const { files, problems } = parseDiff(body)
  return {
    envelope: {
      id: `${index}@boards.example`,
      inReplyTo: null,
      references: [],
      from: author,
      replyTo: [],
      to: [],
      cc: [],
      date,
      subject: title,
      headers: [],
      origin: { kind: 'none' },
    },
    index,
    total: 1,
    title,
    author,
    date,
    log: isMail ? (body.split(/^---$/m)[0] ?? '') : '',
    notes: '',
    trailers: [],
    text: body,
    bytes: Buffer.from(body, 'utf8').toString('latin1'),
    attached: false,
    files,
    problems,
  }
}

/** A series of patches as they stand in the list. */
export function seriesOf(patches: readonly string[], base: Partial<BaseHint> = {}): Series {
  return {
    id: 'cover@boards.example',
    version: 1,
    subject: 'boards: change',
    prefixes: [],
    expected: patches.length,
    cover: null,
    patches: patches.map((text, index) => patchOf(text, index + 1)),
    missing: [],
    base: { commit: null, prerequisitePatchIds: [], prerequisites: [], branch: null, ...base },
    changeId: null,
    rerollOf: null,
    supersededBy: null,
    inferred: [],
  }
}
