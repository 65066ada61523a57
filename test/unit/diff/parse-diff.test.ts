import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Diff, DiffLine, FileDiff } from '../../../src/diff/file-diff.ts'
import { findDiffStart, parseDiff } from '../../../src/diff/parse-diff.ts'
import { cpuMs } from '../../support/cpu.ts'

const cases = join(import.meta.dirname, 'cases')

/** A diff as lines that are read at a glance: the file, its hunks, and of each line both numbers and the mail's. */
function render(text: string, { files, problems }: Diff): string {
  return [
    `starts at line ${findDiffStart(text) ?? 'none'}`,
    ...files.flatMap(renderFile),
    ...problems.map(({ line, message }) => `problem at line ${line}: ${message}`),
    '',
  ].join('\n')
}

function renderFile(file: FileDiff): string[] {
  const side = (path: string | null, mode: string | null, blob: string | null): string =>
    `${JSON.stringify(path)} ${mode ?? '-'} ${blob ?? '-'}`
  const similarity = file.similarity === null ? '' : ` ${file.similarity}%`
  return [
    `${file.kind}${similarity}${file.binary ? ' binary' : ''} at line ${file.patchLine}`,
    `  old ${side(file.oldPath, file.oldMode, file.oldBlob)}`,
    `  new ${side(file.newPath, file.newMode, file.newBlob)}`,
    ...file.hunks.flatMap((hunk) => [
      `  @@ -${hunk.oldStart},${hunk.oldCount} +${hunk.newStart},${hunk.newCount} @@ ${JSON.stringify(hunk.section)} at line ${hunk.patchLine}`,
      ...hunk.lines.map(renderLine),
    ]),
  ]
}

function renderLine(line: DiffLine): string {
  const number = (value: number | null): string => String(value ?? '-').padStart(3)
  const end = line.newline ? '' : ' without newline'
  return `  ${number(line.patchLine)}${number(line.oldLine)}${number(line.newLine)} ${line.kind.padEnd(7)} ${JSON.stringify(line.text)}${end}`
}

describe('parseDiff', () => {
  for (const name of readdirSync(cases).sort()) {
    it(`reads ${name.replaceAll('-', ' ')}`, async () => {
      const text = readFileSync(join(cases, name, 'mail.txt'), 'utf8')
      await expect(render(text, parseDiff(text))).toMatchFileSnapshot(join(cases, name, 'expected.txt'))
    })
  }

  it('reads nothing from an empty text', () => {
    expect(parseDiff('')).toEqual({ files: [], problems: [] })
    expect(findDiffStart('')).toBeNull()
  })

  it('refuses a path longer than the system allows', () => {
    const path = 'drivers/'.repeat(600)
    const { problems } = parseDiff(`--- a/${path}x\n+++ b/${path}x\n@@ -1 +1 @@\n-old\n+new\n`)
    expect(problems.map(({ message }) => message.slice(-32))).toEqual(['` is longer than a system allows'])
  })

  const megabytes = 10 * 1024 * 1024
  const hostile: Record<string, string> = {
    'one line of a hunk': `--- a/x\n+++ b/x\n@@ -1 +1 @@\n-${'x'.repeat(megabytes)}\n+y\n`,
    'blanks without a newline': ' '.repeat(megabytes),
    'digits in a hunk header': `--- a/x\n+++ b/x\n@@ -${'1'.repeat(megabytes)} +1 @@\n`,
    'a quoted name of backslashes': `diff --git "a/${'\\\\'.repeat(megabytes / 2)}\nold mode 100644\n`,
    'a name of dots': `--- a/${'.'.repeat(megabytes)}\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n`,
    'a name of slashes': `diff --git ${'a/'.repeat(megabytes / 2)}\nold mode 100644\nnew mode 100755\n`,
    'headers alone': 'diff --git a/x b/x\nold mode 100644\n'.repeat(megabytes / 40),
    'hunk headers alone': `--- a/x\n+++ b/x\n${'@@ -1 +1 @@\n'.repeat(megabytes / 12)}`,
    'preamble alone': `${'Index: x\n'.repeat(megabytes / 9)}--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n`,
    dashes: '--- a\n'.repeat(megabytes / 6),
    'a date that does not end': `--- a/x ${'2024-06-01 '.repeat(megabytes / 11)}\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n`,
  }
  for (const [what, text] of Object.entries(hostile)) {
    it(`takes time linear in ten megabytes of ${what}`, () => {
      expect(cpuMs(() => parseDiff(text))).toBeLessThan(4_000)
    })
  }
})
