import { pathOf, type FileDiff, type Hunk } from '../../src/diff/file-diff.ts'
import { defineRule, type ChangeContext } from '../../src/review/rule.ts'
import { isKconfig, isMakefile } from '../../src/review/world.ts'
import { sortedRuns } from './sorted-runs.ts'

/**
 * A hunk that changes white space alone, in a patch that does something else, is read by everybody and helps nobody who backports
 * the rest. An entry that does not go where the sorted list around it wants it makes the next patch conflict.
 *
 * A matter of taste, so it is told only to who asks. Silent on a patch that says it is about white space; in a file in which the
 * patch opens or closes a conditional, or a menu, since what stands inside of it may move; and on lists whose order decides
 * something: objects (initcalls run in the order of linking, Documentation/kbuild/makefiles.rst, "Built-in object goals"), flags, and
 * all that the lines themselves do not show to be sorted.
 */
export default defineRule({
  id: 'pr-unrelated-hunk',
  severity: 'info',
  scope: 'change',
  preview: true,
  summary:
    'A hunk of white space alone in a patch about something else, or an entry out of its place in a sorted list.',
  since: '0.1.0',
  check(context) {
    checkWhiteSpace(context)
    for (const file of context.files) checkOrder(file, context)
  },
})

function checkWhiteSpace({ files, patch, at, report }: ChangeContext): void {
  const isAboutIt = /white ?space|indent|align|style|format|\btabs?\b|blank|tidy|clean/i.test(patch.title)
  const isOnlyThat = files.every(({ hunks }) => hunks.every(isWhiteSpace))
  if (isAboutIt || isOnlyThat) return
  for (const file of files) {
    if (!isBuildFile(pathOf(file)) || file.kind !== 'modify' || file.hunks.some(changesNesting)) continue
    for (const { lines } of file.hunks.filter(isWhiteSpace)) {
      const first = lines.find(({ kind }) => kind !== 'context')
      if (first === undefined) continue
      const message = `only white space changes here, in a patch about something else`
      report({ at: at(first.patchLine), message, subject: `${pathOf(file)} ${first.text.trim()}` })
    }
  }
}

function isBuildFile(path: string): boolean {
  return isMakefile(path) || isKconfig(path)
}

/** Whether the lines before and after a hunk are the same but for white space, blank lines included: a line that moves is more. */
function isWhiteSpace({ lines }: Hunk): boolean {
  const textOf = (other: 'add' | 'delete'): string =>
    lines
      .filter(({ kind }) => kind !== other)
      .map(({ text }) => text.replaceAll(/\s+/g, ''))
      .join('')
  return textOf('add') === textOf('delete')
}

function changesNesting(hunk: Hunk): boolean {
  const nests = /^\s*(if|ifeq|ifneq|ifdef|ifndef|else|endif|define|endef|menu|endmenu|choice|endchoice)\b/
  return hunk.lines.some(({ kind, text }) => kind !== 'context' && nests.test(text)) && !isWhiteSpace(hunk)
}

function checkOrder(file: FileDiff, { after, report }: ChangeContext): void {
  const path = file.newPath
  if (path === null || file.kind !== 'modify' || !isMakefile(path)) return
  const added = newLines(file)
  for (const { word, at, before, name } of sortedRuns(after.read(path) ?? '', (line) => added.has(line))) {
    report({
      at: { file: path, ...at },
      message: `\`${word}\` is not in its place: \`${name}\` is sorted otherwise`,
      suggestion: { message: before === null ? 'put it at the end' : `put it before \`${before}\``, edits: [] },
      subject: `${name} ${word}`,
    })
  }
}

/** The added lines that are not there before with another end: the one above a new last entry gets a backslash. */
function newLines({ hunks }: FileDiff): ReadonlySet<number | null> {
  const lines = hunks.flatMap((hunk) => hunk.lines)
  const bare = (text: string): string => text.replace(/\\$/, '').trim()
  const old = new Set(lines.flatMap(({ kind, text }) => (kind === 'delete' ? [bare(text)] : [])))
  return new Set(lines.flatMap(({ kind, text, newLine }) => (kind === 'add' && !old.has(bare(text)) ? [newLine] : [])))
}
