import { parseDiff } from '../../../src/diff/parse-diff.ts'
import type { Step } from '../../../src/review/step.ts'
import type { Patch, Series } from '../../../src/series/series.ts'
import type { Tree } from '../../../src/text/tree.ts'
import { overlay } from './overlay.ts'
import type { Edit } from './plant.ts'

/** 2024-11-18 12:00 UTC, the day after Linux 6.12. */
const sent = Date.UTC(2024, 10, 18, 12)

/** A series of one patch that makes some edits, and the step that it is. Each edit is one hunk, from its first to its last line. */
export function stepOf(
  before: Tree,
  edits: readonly Edit[],
  { log, to = kbuildList }: { readonly log: string; readonly to?: string },
): { series: Series; step: Step } {
  const envelope = envelopeTo(to)
  const diff = edits.map((edit) => diffOf(edit, before.read(edit.path))).join('')
  const signed = `${log}\n\nSigned-off-by: Dana Developer <dana@boards.example>\n`
  const text = `${signed}---\n\n${diff}-- \n2.39.5\n`
  const { files, problems } = parseDiff(text)
  const patch: Patch = {
    index: 1,
    total: 1,
    envelope,
    title: 'boards: change how they are built',
    author: envelope.from,
    date: sent,
    log: signed,
    notes: '',
    trailers: [{ name: 'Signed-off-by', value: 'Dana Developer <dana@boards.example>', from: null }],
    text,
    bytes: text,
    attached: false,
    files,
    problems,
  }
  return { series: seriesOf(patch), step: { patch, before, after: overlay(before, edits) } }
}

const kbuildList = 'linux-kbuild@vger.kernel.org'

const envelopeTo = (address: string): Patch['envelope'] => ({
  id: '20241118120000.1-1-dana@boards.example',
  inReplyTo: null,
  references: [],
  from: { name: 'Dana Developer', address: 'dana@boards.example' },
  replyTo: [],
  to: [{ name: '', address }],
  cc: [],
  date: sent,
  subject: '[PATCH] boards: change how they are built',
  headers: [],
  origin: { kind: 'none' },
})

function seriesOf(patch: Patch): Series {
  return {
    id: patch.envelope.id,
    version: 1,
    subject: patch.title,
    prefixes: [],
    expected: 1,
    cover: null,
    patches: [patch],
    missing: [],
    base: { commit: null, prerequisitePatchIds: [], prerequisites: [], branch: null },
    changeId: null,
    rerollOf: null,
    supersededBy: null,
    inferred: [],
  }
}

const contextLines = 3

/** What `git diff` would say of a file, but that all of its changes are one hunk. */
function diffOf({ path, text }: Edit, old: string | null): string {
  const [a, b] = [linesOf(old ?? ''), linesOf(text ?? '')]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const from = Math.max(0, start - contextLines)
  const after = a.slice(a.length - end, a.length - end + contextLines)
  const body = [
    ...a.slice(from, start).map((line) => ` ${line}`),
    ...a.slice(start, a.length - end).map((line) => `-${line}`),
    ...b.slice(start, b.length - end).map((line) => `+${line}`),
    ...after.map((line) => ` ${line}`),
  ]
  const count = (marks: string): number => body.filter((line) => marks.includes(line[0] ?? '')).length
  const range = (lines: number): string => `${lines === 0 ? from : from + 1},${lines}`
  const sides =
    old === null
      ? [`new file mode 100644`, `--- /dev/null`, `+++ b/${path}`]
      : text === null
        ? [`deleted file mode 100644`, `--- a/${path}`, `+++ /dev/null`]
        : [`--- a/${path}`, `+++ b/${path}`]
  const hunk = [`@@ -${range(count(' -'))} +${range(count(' +'))} @@`, ...body]
  return [`diff --git a/${path} b/${path}`, ...sides, ...hunk, ''].join('\n')
}

/** The lines without their newlines; a last line without one is told as if it had one. */
function linesOf(text: string): readonly string[] {
  if (text === '') return []
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
}
