import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { parseDiff } from '../../src/diff/parse-diff.ts'
import type { Step } from '../../src/review/step.ts'
import type { Envelope, Patch, Series } from '../../src/series/series.ts'
import type { Tree } from '../../src/text/tree.ts'
import { allFiles, treeOf, type TreeLiteral } from './tree.ts'

/** 2024-09-02 12:00 UTC: when the mails of test series are sent. */
export const sent = Date.UTC(2024, 8, 2, 12)

const dana = { name: 'Dana Developer', address: 'dana@boards.example' }
const kbuildList = { name: '', address: 'linux-kbuild@vger.kernel.org' }

/** An envelope of a mail by Dana to the kbuild list; what is given replaces what is made up. */
export function envelopeOf(given: Partial<Envelope> = {}): Envelope {
  return {
    id: '20240902120000.1-1-dana@boards.example',
    inReplyTo: null,
    references: [],
    from: dana,
    replyTo: [],
    to: [kbuildList],
    cc: [],
    date: sent,
    subject: '[PATCH] boards: build the new driver',
    headers: [],
    origin: { kind: 'none' },
    ...given,
  }
}

/** What differs between two trees, as `git diff` says it. */
export function diffOf(before: Tree, after: Tree): string {
  const top = mkdtempSync(join(tmpdir(), 'kr-diff-'))
  try {
    layOut(join(top, 'a'), before)
    layOut(join(top, 'b'), after)
    const args = ['diff', '--no-index', '--no-prefix', '--find-renames=40%', 'a', 'b']
    const env = { PATH: process.env['PATH'] ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
    const result = spawnSync('git', args, { cwd: top, encoding: 'utf8', env })
    if (result.status !== 0 && result.status !== 1) throw new Error(`git diff failed: ${result.stderr}`)
    return asInRepository(result.stdout)
  } finally {
    removeDirectory(top)
  }
}

/** With --no-index git names renamed, new and deleted files with the directories that were compared. */
function asInRepository(diff: string): string {
  return diff
    .replaceAll(/^(diff --git )[ab]\/(.*) [ab]\//gm, '$1a/$2 b/')
    .replaceAll(/^((?:rename|copy) (?:from|to) )[ab]\//gm, '$1')
}

/** Writes a tree below a directory. */
export function layOut(top: string, tree: Tree): void {
  mkdirSync(top, { recursive: true })
  for (const path of allFiles(tree)) {
    mkdirSync(dirname(join(top, path)), { recursive: true })
    writeFileSync(join(top, path), tree.read(path) ?? '', { mode: tree.isExecutable(path) ? 0o755 : 0o644 })
  }
}

/** A series that goes through the given trees, a patch from each to the next, with the steps that a review goes through. */
export function seriesThrough(
  literals: readonly TreeLiteral[],
  given: { readonly envelope?: Partial<Envelope>; readonly series?: Partial<Series> } = {},
): { readonly series: Series; readonly steps: readonly Step[] } {
  const trees = literals.map(treeOf)
  const total = trees.length - 1
  const steps = trees.slice(1).map((after, at): Step => {
    const before = trees[at] ?? after
    const number = total === 1 ? '' : ` ${at + 1}/${total}`
    const id = `20240902120000.1-${at + 1}-dana@boards.example`
    const envelope = envelopeOf({ id, subject: `[PATCH${number}] boards: step ${at + 1}`, ...given.envelope })
    return { patch: patchOf(diffOf(before, after), { index: at + 1, total, envelope }), before, after }
  })
  return {
    series: seriesOf(
      steps.map(({ patch }) => patch),
      given.series,
    ),
    steps,
  }
}

/** A patch whose mail says a line of log and then the diff. */
export function patchOf(diff: string, given: Pick<Patch, 'index' | 'total' | 'envelope'>): Patch {
  const log = 'The board needs its driver.\n\nSigned-off-by: Dana Developer <dana@boards.example>\n'
  const text = `${log}---\n\n${diff}-- \n2.39.5\n`
  const { files, problems } = parseDiff(text)
  return {
    ...given,
    title: given.envelope.subject.replace(/^\[[^\]]*\] /, ''),
    author: given.envelope.from,
    date: given.envelope.date,
    log,
    notes: '',
    trailers: [{ name: 'Signed-off-by', value: 'Dana Developer <dana@boards.example>', from: null }],
    text,
    bytes: text,
    attached: false,
    files,
    problems,
  }
}

/** A complete series of the given patches; what is given replaces what is made up. */
export function seriesOf(patches: readonly Patch[], given: Partial<Series> = {}): Series {
  return {
    id: patches[0]?.envelope.id ?? 'none',
    version: 1,
    subject: patches[0]?.title ?? '',
    prefixes: [],
    expected: patches.length,
    cover: null,
    patches,
    missing: [],
    base: { commit: null, prerequisitePatchIds: [], prerequisites: [], branch: null },
    changeId: null,
    rerollOf: null,
    supersededBy: null,
    inferred: [],
    ...given,
  }
}
