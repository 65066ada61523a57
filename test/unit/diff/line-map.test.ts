import { describe, expect, it } from 'vitest'
import type { FileDiff } from '../../../src/diff/file-diff.ts'
import { lineAtNew, lineAtOld, lineAtPatch, nearestHunk, newToOld, oldToNew } from '../../../src/diff/line-map.ts'
import { parseDiff } from '../../../src/diff/parse-diff.ts'
import { fc } from '../../support/random.ts'

const makefile = `Log.
---
--- a/drivers/boards/Makefile
+++ b/drivers/boards/Makefile
@@ -2,3 +2,4 @@
 obj-y += alder.o
-obj-y += birch.o
+obj-y += beech.o
+obj-y += box.o
 obj-y += cedar.o
@@ -20,2 +21 @@
 obj-y += elm.o
-obj-y += fir.o
`

function only(text: string): FileDiff {
  const [file] = parseDiff(text).files
  if (file === undefined) throw new Error('the text holds no diff')
  return file
}

describe('the maps of lines', () => {
  const file = only(makefile)

  it('find the line of the mail that shows a line of the new or the old file', () => {
    expect(lineAtNew(file, 4)?.line).toMatchObject({ text: 'obj-y += box.o', patchLine: 9 })
    expect(lineAtNew(file, 6)).toBeNull()
    expect(lineAtOld(file, 3)?.line).toMatchObject({ text: 'obj-y += birch.o', patchLine: 7 })
    expect(lineAtOld(file, 5)).toBeNull()
  })

  it('find what a line of the mail shows', () => {
    expect(lineAtPatch([file], 13)).toMatchObject({ file, line: { kind: 'delete', oldLine: 21 } })
    expect(lineAtPatch([file], 5)).toBeNull()
  })

  it('carry a line from the old file to the new one and back', () => {
    expect([1, 2, 3, 4, 5, 19, 20, 21, 22].map((line) => oldToNew(file, line))).toEqual([
      1,
      2,
      null,
      5,
      6,
      20,
      21,
      null,
      22,
    ])
    expect([1, 2, 3, 4, 5, 6, 20, 21, 22].map((line) => newToOld(file, line))).toEqual([
      1,
      2,
      null,
      null,
      4,
      5,
      19,
      20,
      22,
    ])
  })

  it('find the nearest hunk, the first of two as near', () => {
    expect(nearestHunk(file, 1)).toEqual({ hunk: file.hunks[0], distance: 1 })
    expect(nearestHunk(file, 4)).toEqual({ hunk: file.hunks[0], distance: 0 })
    expect(nearestHunk(file, 13)).toEqual({ hunk: file.hunks[0], distance: 8 })
    expect(nearestHunk(file, 14)).toEqual({ hunk: file.hunks[1], distance: 7 })
    expect(nearestHunk(file, 90)).toEqual({ hunk: file.hunks[1], distance: 69 })
  })

  it('have no hunk to offer where only a mode changes', () => {
    const modes = only('diff --git a/scripts/check.sh b/scripts/check.sh\nold mode 100644\nnew mode 100755\n')
    expect(nearestHunk(modes, 3)).toBeNull()
    expect(oldToNew(modes, 3)).toBe(3)
  })

  it('have no line for a file that is not there on that side', () => {
    expect(oldToNew(only('--- a/x.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-int x;\n'), 7)).toBeNull()
    expect(newToOld(only('--- /dev/null\n+++ b/x.c\n@@ -0,0 +1 @@\n+int x;\n'), 7)).toBeNull()
  })
})

/** A change of a file, line by line: kept, deleted, or added. */
type Edit = { readonly kind: 'context' | 'add' | 'delete'; readonly text: string }

const edits = fc.array(
  fc.record({
    kind: fc.constantFrom<Edit['kind']>('context', 'context', 'context', 'context', 'add', 'delete'),
    text: fc.constantFrom('', 'obj-y += alder.o', '--- a', '+++ b', '@@ -1 +1 @@', '-- ', '\\ No', 'diff --git a b'),
  }),
  { minLength: 1, maxLength: 60 },
)

const markers = { context: ' ', add: '+', delete: '-' }

/** A unified diff of edits with `context` lines around each change, written independently of the parser. */
function write(all: readonly Edit[], context: number): string {
  const near = all.map((_, at) =>
    all.slice(Math.max(0, at - context), at + context + 1).some(({ kind }) => kind !== 'context'),
  )
  const out = ['--- a/drivers/Makefile', '+++ b/drivers/Makefile']
  let [oldLine, newLine] = [1, 1]
  for (let at = 0; at < all.length;) {
    const stop = near.indexOf(!near[at], at)
    const run = all.slice(at, stop === -1 ? all.length : stop)
    const [oldCount, newCount] = (['add', 'delete'] as const).map((kind) => run.filter((e) => e.kind !== kind).length)
    const start = (line: number, count = 0): string => `${count === 0 ? line - 1 : line},${count}`
    if (near[at]) {
      out.push(`@@ -${start(oldLine, oldCount)} +${start(newLine, newCount)} @@ section`)
      out.push(...run.map(({ kind, text }) => markers[kind] + text))
    }
    oldLine += oldCount ?? 0
    newLine += newCount ?? 0
    at += run.length
  }
  return [...out, '-- ', '2.40.1', ''].join('\n')
}

describe('any diff', () => {
  it('shows each line where the edit put it, whatever the lines say', () => {
    fc.assert(
      fc.property(edits, fc.integer({ min: 0, max: 3 }), (all, context) => {
        fc.pre(all.some(({ kind }) => kind !== 'context'))
        const text = write(all, context)
        const diff = parseDiff(text)
        expect(diff.problems).toEqual([])
        const file = only(text)
        const mail = text.split('\n')
        let [oldLine, newLine] = [0, 0]
        for (const { kind, text: content } of all) {
          if (kind !== 'add') expect(oldToNew(file, (oldLine += 1))).toBe(kind === 'delete' ? null : newLine + 1)
          if (kind !== 'delete') expect(newToOld(file, (newLine += 1))).toBe(kind === 'add' ? null : oldLine)
          const shown = kind === 'delete' ? lineAtOld(file, oldLine) : lineAtNew(file, newLine)
          if (kind !== 'context') expect(shown?.line.text).toBe(content)
          if (shown !== null) expect(mail[shown.line.patchLine - 1]).toBe(markers[shown.line.kind] + content)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('is read without an exception, each line of a hunk from the line it says', () => {
    const alphabet = [
      'diff --git a/x b/x',
      '--- a/x',
      '+++ b/x',
      '@@ -1,2 +1,2 @@',
      '@@ -9 +9 @@',
      ' x',
      '+x',
      '-x',
      '',
    ]
    const line = fc.oneof(fc.constantFrom(...alphabet, '-- ', 'rename from x', 'index 1234..5678', '"'), fc.string())
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        for (const { hunks } of parseDiff(lines.join('\n')).files) {
          for (const shown of hunks.flatMap((hunk) => hunk.lines)) {
            expect(lines.join('\n').split('\n')[shown.patchLine - 1]?.slice(1) ?? '').toBe(shown.text)
          }
        }
      }),
      { numRuns: 2000 },
    )
  })
})
