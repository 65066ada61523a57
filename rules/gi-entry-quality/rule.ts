import type { FileDiff } from '../../src/diff/file-diff.ts'
import type { Cleaned } from '../../src/kbuild/clean-mode.ts'
import { normalise } from '../../src/kbuild/parsed-files.ts'
import { archOf } from '../../src/kbuild/source-arch.ts'
import { matchName } from '../../src/make/glob.ts'
import type { Closures } from '../../src/review/closures.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { defineRule, type ChangeContext } from '../../src/review/rule.ts'
import type { Span } from '../../src/text/span.ts'

/**
 * What a .gitignore of the kernel hides was left there by the build, and `make clean` is to take it away again: scripts/Makefile.clean
 * removes what the lists of the directory name, the top makefile what its patterns and lists match. Once ignored, nobody sees it.
 *
 * Told are single names that a patch adds to the .gitignore of a directory that make visits. Silent on patterns; on what is in
 * the tree; where the directory has a rule for cleaning of its own, or its lists are not known in full; and where a makefile that
 * the series touches comes to name the file.
 */
export default defineRule({
  id: 'gi-entry-quality',
  severity: 'info',
  scope: 'change',
  summary: 'A file is newly ignored by git, and `make clean` leaves it.',
  since: '0.1.0',
  check(context) {
    for (const file of context.files) {
      const directory = /^(.+)\/\.gitignore$/.exec(file.newPath ?? '')?.[1]
      if (directory !== undefined) checkEntries(directory, file, context)
    }
  },
})

function checkEntries(directory: string, file: FileDiff, context: ChangeContext): void {
  const entries = newEntries(file, context)
  const found = entries.length === 0 ? null : visited(directory, context)
  if (found === null) return
  const { makefile } = found.directory
  if (/^(?:arch)?clean[ \t]*:(?!=)/m.test(context.after.read(makefile) ?? '')) return
  const closures = context.knowledge.closures(context.after)
  const cleaned = closures.cleaned(archOf(makefile), directory)
  if (cleaned === null) return
  for (const { name, at } of entries) {
    const isThere = context.after.list(directory).some((entry) => entry.name === name)
    if (isThere || isRemoved(name, { found, cleaned, closures }) || isNamedBySeries(name, context)) continue
    if (cleaned.unknown.length > 0) {
      context.unsure(at, `what is cleaned in ${directory} is not known in full`)
      continue
    }
    context.report({
      at,
      subject: name,
      message: `\`${name}\` is ignored now, and stays after \`make clean\`: neither a list nor a pattern names it`,
      suggestion: { message: `add it to \`clean-files\` in ${makefile}`, edits: [] },
    })
  }
}

/** The directory as make visits it; null where it does not, or there is none. */
function visited(directory: string, { after, knowledge }: ChangeContext): KbuildDirectory | null {
  const found = ['Kbuild', 'Makefile'].map((name) => knowledge.directory(after, `${directory}/${name}`))
  return found.find((each) => each?.reached === true) ?? null
}

type Entry = { readonly name: string; readonly at: Span }

/** The added lines that are the name of one file or directory of the same directory: a slash is what ties it to that. */
function newEntries({ hunks, newPath }: FileDiff, { before, after }: ChangeContext): readonly Entry[] {
  const path = newPath ?? ''
  const text = after.read(path) ?? ''
  const old = new Set((before.read(path) ?? '').split('\n'))
  const added = hunks.flatMap(({ lines }) => lines).filter(({ kind }) => kind === 'add')
  return added.flatMap((line): Entry[] => {
    const name = /^\/([\w.+-]+)\/?$/.exec(line.text)?.[1]
    const start = `\n${text}\n`.indexOf(`\n${line.text}\n`)
    if (name === undefined || start === -1 || old.has(line.text)) return []
    return [{ name, at: { file: path, start, end: start + line.text.length } }]
  })
}

type Cleaning = { readonly found: KbuildDirectory; readonly cleaned: Cleaned; readonly closures: Closures }

function isRemoved(name: string, { found, cleaned, closures }: Cleaning): boolean {
  const { directory, model } = found
  const path = `${directory.path}/${name}`
  const kept = directory.evaluation.words('no-clean-files').words.some(({ text }) => text === name)
  const listed = cleaned.files.some(
    ({ text }) => isSame(normalise(text), name) || normalise(text).startsWith(`${name}/`),
  )
  const topLists = ['CLEAN_FILES', 'MRPROPER_FILES'].flatMap((list) => model.top.evaluation?.words(list).words ?? [])
  return (
    kept ||
    listed ||
    topLists.some(({ text }) => isSame(text, path) || path.startsWith(`${text}/`)) ||
    closures.cleanPatterns().some(({ pattern }) => matchName(`/${name}`, `/${pattern}`))
  )
}

function isSame(word: string, name: string): boolean {
  return word === name || matchName(name, word)
}

function isNamedBySeries(name: string, { series }: ChangeContext): boolean {
  return series.patches.some(({ files }) =>
    files.some(
      ({ newPath, hunks }) =>
        /(?:^|\/)(?:Kbuild|Makefile)[\w.-]*$/.test(newPath ?? '') &&
        hunks.some(({ lines }) => lines.some(({ kind, text }) => kind === 'add' && text.includes(name))),
    ),
  )
}
