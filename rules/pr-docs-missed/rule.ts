import { pathOf, type FileDiff } from '../../src/diff/file-diff.ts'
import { defineRule, type ChangeContext } from '../../src/review/rule.ts'
import type { Span } from '../../src/text/span.ts'
import type { Tree } from '../../src/text/tree.ts'
import { configGoals, helpText, isNamedIn, listsConfigGoals } from './config-goals.ts'
import { toolVersions } from './tool-versions.ts'

/**
 * What users have to know is in Documentation: the least versions of tools in process/changes.rst, which repeats what
 * scripts/min-tool-version.sh and the top Makefile ask for; variables that they may set in Documentation/kbuild or in `make help`;
 * and a page is found only through a toctree.
 *
 * Each is asked of the trees themselves, and told where the patch parts what agreed before. Silent where another patch of the
 * series has the other half, in whatever order. Of new targets that `make help` lacks only those are told that make a
 * configuration: of the other PHONY targets most are steps of others, and nothing marks those that people are to type.
 */
export default defineRule({
  id: 'pr-docs-missed',
  severity: 'info',
  scope: 'change',
  summary: 'A version, variable, goal or page comes without the other half of its documentation.',
  since: '0.1.0',
  check(context) {
    checkVersions(context)
    checkVariables(context)
    checkPages(context)
    checkConfigGoals(context)
  },
})

function checkVersions({ before, after, files, series, report }: ChangeContext): void {
  const touched = new Set(files.map(pathOf))
  const old = new Map(toolVersions(before).map((each) => [each.tool, each]))
  for (const { tool, asked, documented } of toolVersions(after)) {
    const was = old.get(tool)
    const isParted = asked.same !== documented.same && was?.asked.same === was?.documented.same
    const here = [asked, documented].find(({ file }) => touched.has(file))
    const there = here === asked ? documented : asked
    if (!isParted || was === undefined || here === undefined || isTouched(series.patches, there.file)) continue
    report({
      at: here,
      message: `${tool} ${here.version} is wanted here, and ${there.version} in \`${there.file}\``,
      related: [{ at: there, message: `says ${there.version}` }],
      subject: tool,
    })
  }
}

function isTouched(patches: ChangeContext['series']['patches'], path: string): boolean {
  return patches.some(({ files }) => files.some((file) => pathOf(file) === path))
}

/** The makefiles in which every build looks for what users set. */
const asksUsers = /^(Makefile|scripts\/Makefile\.[\w-]+|scripts\/package\/[\w.-]+)$/

/** `NAME ?=`: what the user or the environment says counts (GNU make manual, 6.5 "Setting Variables"). */
function checkVariables({ before, after, files, series, report }: ChangeContext): void {
  for (const file of files.filter((each) => asksUsers.test(each.newPath ?? ''))) {
    for (const { name, at } of newDefaults(file, after)) {
      const isOld =
        before.read(pathOf(file))?.includes(name) === true || before.read('Makefile')?.includes(name) === true
      const isTold = documents(after).some((text) => hasWord(text, name)) || isToldBySeries(series, name)
      if (isOld || isTold) continue
      report({
        at,
        message: `\`${name}\` is for users to set, and no page of Documentation/kbuild names it`,
        suggestion: { message: 'say in Documentation/kbuild/kbuild.rst what it does', edits: [] },
        subject: name,
      })
    }
  }
}

function newDefaults(
  { hunks, newPath }: FileDiff,
  after: Tree,
): readonly { readonly name: string; readonly at: Span }[] {
  const text = after.read(newPath ?? '') ?? ''
  const added = hunks.flatMap(({ lines }) => lines).filter(({ kind }) => kind === 'add')
  return added.flatMap((line) => {
    const name = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]{2,})\s*\?=/.exec(line.text)?.[1]
    const lineStart = name === undefined ? -1 : `\n${text}`.indexOf(`\n${line.text}`)
    if (name === undefined || lineStart === -1) return []
    const start = text.indexOf(name, lineStart)
    return [{ name, at: { file: newPath ?? '', start, end: start + name.length } }]
  })
}

/** Where users look for variables: the pages about Kbuild, and `make help`. */
function documents(tree: Tree): readonly string[] {
  const pages = tree.list('Documentation/kbuild').filter(({ name }) => name.endsWith('.rst'))
  const help = (tree.read('Makefile') ?? '').split('\n').filter((line) => /^\t\s*@?\s*echo\b/.test(line))
  return [...pages.flatMap(({ name }) => tree.read(`Documentation/kbuild/${name}`) ?? []), help.join('\n')]
}

function hasWord(text: string, word: string): boolean {
  return new RegExp(`\\b${word}\\b`).test(text)
}

function isToldBySeries({ patches }: ChangeContext['series'], name: string): boolean {
  return patches.some(({ files }) =>
    files.some(
      (file) =>
        pathOf(file).startsWith('Documentation/') &&
        file.hunks.some(({ lines }) => lines.some(({ kind, text }) => kind === 'add' && hasWord(text, name))),
    ),
  )
}

/** A goal such as `board_defconfig`, in a makefile whose help names every goal of that kind so far. */
function checkConfigGoals({ before, after, files, series, report }: ChangeContext): void {
  for (const path of files.flatMap(({ newPath }) => newPath ?? [])) {
    const text = listsConfigGoals.test(path) ? after.read(path) : null
    const help = text === null ? null : helpText(text)
    if (text === null || help === null) continue
    const old = configGoals(before.read(path) ?? '', path).map(({ name }) => name)
    if (!old.every((name) => isNamedIn(help, name))) continue
    for (const { name, ...at } of configGoals(text, path)) {
      if (old.includes(name) || isNamedIn(help, name) || isHelpOfSeries(series, path, name)) continue
      report({
        at,
        message: `\`${name}\` is for users to call, and \`make help\` does not name it`,
        suggestion: { message: 'say in the help of this makefile what it makes', edits: [] },
        subject: name,
      })
    }
  }
}

/** Whether a patch of the series adds a line that prints the name of a goal. */
function isHelpOfSeries({ patches }: ChangeContext['series'], path: string, name: string): boolean {
  return patches.some(({ files }) =>
    files.some(
      (file) =>
        pathOf(file) === path &&
        file.hunks.some(({ lines }) =>
          lines.some(({ kind, text }) => kind === 'add' && /\b(echo|printf)\b/.test(text) && isNamedIn(text, name)),
        ),
    ),
  )
}

/** A page that no toctree leads to: Sphinx warns of it, and no reader comes to it. */
function checkPages({ after, files, series, report }: ChangeContext): void {
  for (const { kind, newPath } of files) {
    if (kind !== 'add' || newPath === null || !/^Documentation\/.+\.rst$/.test(newPath)) continue
    const text = after.read(newPath) ?? ''
    if (/^:orphan:/m.test(text) || isLinked(after, newPath)) continue
    const name = baseName(newPath)
    const isLinkedLater = series.patches.some(({ files: all }) =>
      all.some(({ hunks }) =>
        hunks.some(({ lines }) => lines.some((line) => line.kind === 'add' && leadsTo(line.text, name))),
      ),
    )
    if (isLinkedLater) continue
    const end = text.indexOf('\n')
    const message = `no toctree leads to \`${newPath}\``
    report({ at: { file: newPath, start: 0, end: end === -1 ? text.length : end }, message, subject: 'toctree' })
  }
}

/** Whether a page of the same directory or one above has a line that ends in the name of the page, as entries of a toctree do. */
function isLinked(tree: Tree, path: string): boolean {
  const name = baseName(path)
  for (let directory = path; directory.includes('/');) {
    directory = directory.slice(0, directory.lastIndexOf('/'))
    const pages = tree.list(directory).flatMap((entry) => {
      const page = `${directory}/${entry.name}`
      return entry.kind === 'file' && entry.name.endsWith('.rst') && page !== path ? [tree.read(page) ?? ''] : []
    })
    if (pages.some((text) => text.split('\n').some((line) => leadsTo(line, name)))) return true
  }
  return false
}

/** `name`, `board/name`, `Title <name>`, `*` and `.. include:: name.rst`. */
function leadsTo(line: string, name: string): boolean {
  const entry = line
    .trim()
    .replace(/>$/, '')
    .replace(/\.rst$/, '')
  if (/(^|\/)\*$/.test(entry) && !/\s/.test(entry)) return true
  return entry.endsWith(name) && !/[\w-]/.test(entry.charAt(entry.length - name.length - 1))
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.rst$/, '')
}
