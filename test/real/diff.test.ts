import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import type { FileDiff } from '../../src/diff/file-diff.ts'
import { assembleSeries } from '../../src/series/assemble.ts'
import type { Patch } from '../../src/series/series.ts'
import { readArchives } from './compare-b4.ts'
import { describeReal } from './support.ts'

describeReal('the diffs of the list archives', ['KBUILD_REVIEW_LORE'], (lore = '') => {
  let patches: readonly Patch[]
  let outside: string

  beforeAll(async () => {
    const mails = await readArchives(lore)
    const all = assembleSeries(mails, { maxMessages: mails.length }).flatMap((series) => series.patches)
    patches = [...new Map(all.map((patch) => [patch.envelope.id, patch])).values()]
    outside = mkdtempSync(join(tmpdir(), 'numstat-'))
  })

  afterAll(() => removeDirectory(outside))

  /** The files that git reads out of a mail, `ADDED DELETED PATH`; null where it refuses the mail. */
  function byGit({ bytes }: Patch): readonly string[] | null {
    const env = { PATH: process.env['PATH'] ?? '', GIT_CEILING_DIRECTORIES: tmpdir(), LC_ALL: 'C' }
    const input = Buffer.from(bytes, 'latin1')
    const { status, stdout } = spawnSync('git', ['apply', '--numstat', '-z', '-'], { cwd: outside, env, input })
    if (status !== 0) return null
    return stdout
      .toString('utf8')
      .split('\0')
      .slice(0, -1)
      .map((line) => line.replaceAll('\t', ' '))
  }

  it('are read as git reads them: the same files, as many lines added and deleted', () => {
    const known = new Set([
      // CRLF on the way, and its empty context lines lost their blank: git takes such a line for garbage.
      'e58cba84c90c40108ac678500f33655e@xiaomi.com',
    ])
    // Every third: git takes 5 ms each.
    const sample = patches.filter((_, index) => index % 3 === 0)
    const differing = sample.flatMap((patch) => {
      const theirs = byGit(patch)
      const isSame =
        theirs === null
          ? patch.problems.length > 0
          : JSON.stringify(theirs) === JSON.stringify(patch.files.map(numstat))
      return isSame || known.has(patch.envelope.id) ? [] : [{ id: patch.envelope.id, theirs, problems: patch.problems }]
    })
    expect(sample.length).toBeGreaterThan(1_100)
    expect(differing).toEqual([])
  })

  it('are whole but for the mails that were wrapped, and every line is where the map says', () => {
    expect(patches.filter(({ problems }) => problems.length > 0).map(({ problems }) => problems[0]?.message)).toEqual(
      expect.arrayContaining(['a line inside the hunk is no line of a diff: was it wrapped on the way?']),
    )
    expect(patches.filter(({ problems }) => problems.length > 0).length).toBeLessThan(10)
    const wrong = patches.flatMap(({ text, files, envelope }) => {
      const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
      const shown = files.flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk.lines))
      const isThere = shown.every((line) => (lines[line.patchLine - 1] ?? '').slice(1) === line.text.replace(/\r$/, ''))
      return isThere ? [] : [envelope.id]
    })
    expect(wrong).toEqual([])
  })
})

function numstat(file: FileDiff): string {
  const lines = file.hunks.flatMap((hunk) => hunk.lines)
  const count = (kind: string): number => lines.filter((line) => line.kind === kind).length
  const counts = file.binary ? '- -' : `${count('add')} ${count('delete')}`
  return `${counts} ${file.newPath ?? file.oldPath ?? ''}`
}
