import parseUnified from 'parse-diff'
import type { DiffLine, Hunk } from './file-diff.ts'

/** The four numbers of a `@@` line, and what follows them. */
export type HunkHeader = Pick<Hunk, 'oldStart' | 'oldCount' | 'newStart' | 'newCount' | 'section'>

/** A hunk whose counts were checked: its lines are those that its header announces, "\ No newline" lines among them. */
export type HunkText = HunkHeader & { readonly patchLine: number; readonly lines: readonly string[] }

const noNewline = '\\ No newline at end of file'

/** The hunks of one file. The only module that knows parse-diff: it gets nothing but whole hunks, which it reads well. */
export function readHunks(texts: readonly HunkText[]): readonly Hunk[] {
  if (texts.length === 0) return []
  const [file] = parseUnified(texts.map(canonical).join('\n'))
  return texts.map((text, index) => hunkOf(text, file?.chunks[index]?.changes ?? []))
}

/** The hunk as parse-diff understands every part of it: the note about the newline is translated in some locales. */
function canonical(text: HunkText): string {
  const header = `@@ -${text.oldStart},${text.oldCount} +${text.newStart},${text.newCount} @@`
  return [header, ...text.lines.map((line) => (line.startsWith('\\') ? noNewline : line))].join('\n')
}

function hunkOf(text: HunkText, changes: readonly parseUnified.Change[]): Hunk {
  const { oldStart, oldCount, newStart, newCount, section, patchLine } = text
  const lines = changes.flatMap((change, index): DiffLine[] =>
    change.content === noNewline
      ? []
      : [
          {
            ...sidesOf(change),
            text: change.content.slice(1),
            patchLine: patchLine + 1 + index,
            newline: changes[index + 1]?.content !== noNewline,
          },
        ],
  )
  return { oldStart, oldCount, newStart, newCount, section, patchLine, lines }
}

function sidesOf(change: parseUnified.Change): Pick<DiffLine, 'kind' | 'oldLine' | 'newLine'> {
  switch (change.type) {
    case 'normal':
      return { kind: 'context', oldLine: change.ln1, newLine: change.ln2 }
    case 'add':
      return { kind: 'add', oldLine: null, newLine: change.ln }
    case 'del':
      return { kind: 'delete', oldLine: change.ln, newLine: null }
  }
}
