import { exprsOf, visitNodes } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { isCommandName } from '../../src/review/recipe-texts.ts'
import { definitionsIn } from '../../src/review/recipe-variables.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import { commandsOf } from '../../src/review/shell-commands.ts'
import { programName } from '../../src/review/shell-program.ts'
import { scriptsOf } from '../../src/review/shell-scripts.ts'
import { helpersFor, type FindHelper, type Helper } from './known-helpers.ts'
import { madeDirectories } from './made-directories.ts'
import { mayOpenCode, openCodedIn, ownCommand, type OpenCoded } from './open-coded.ts'

/**
 * The helpers are looked for in the tree under review, by the name that scripts/Kbuild.include, Makefile.compiler, Makefile.lib or
 * the top makefile gives them: where the tree has none, or the makefile does not read it, there is nothing to say.
 *
 * Only what is written exactly like the helper is told. Other forms may differ in what matters to somebody.
 */
export default defineRule({
  id: 'kc-use-kbuild-helper',
  severity: 'info',
  scope: 'tree',
  summary: 'Something is written out that Kbuild has a helper for.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) {
      if (!isPartOfBuild(makefile)) continue
      const find = helpersFor(makefile, context.makefile)
      reportOpenCoded(makefile, find, context)
      reportCommands(makefile, find, context)
      reportDirectories(makefile, context)
    }
  },
})

function reportOpenCoded(makefile: MakefileView, find: FindHelper, { report }: TreeContext): void {
  const { text, path, syntax } = makefile
  if (!mayOpenCode(text)) return
  const exprs = [...visitNodes(syntax.nodes)].flatMap(({ node }) => exprsOf(node)).map(({ expr }) => expr)
  const bodies = definitionsIn(syntax).flatMap(({ node, value }) => (node.kind === 'define' ? value : []))
  for (const found of [...exprs, ...bodies].flatMap((expr) => openCodedIn(expr, text))) {
    const helper = find(found.helper)
    if (helper) report({ at: { file: path, ...found.range }, ...describe(found, helper, makefile) })
  }
}

function describe(
  { range, replacement, helper: name }: OpenCoded,
  helper: Helper,
  { path, text }: MakefileView,
): Omit<Report, 'at'> {
  const written = text.slice(range.start, range.end).replaceAll(/\s*\\\n\s*|\s+/g, ' ')
  const shown = written.length > maxShown ? `${written.slice(0, maxShown - 3)}...` : written
  const message = `\`${shown}\` is what \`${replacement ?? `$(call ${name},...)`}\` is for`
  const evidence = [`${helper.place} defines it`]
  if (replacement === null) return { message, evidence }
  const edits = [{ at: { file: path, ...range }, text: replacement }]
  return { message, evidence, suggestion: { message: `use \`${replacement}\``, edits } }
}

/** How much of what is written is shown. */
const maxShown = 60

function reportCommands({ path, text, syntax }: MakefileView, find: FindHelper, { report }: TreeContext): void {
  for (const { name, node, value } of definitionsIn(syntax)) {
    const own = isCommandName(name) && node.kind !== 'rule' ? ownCommand(value, text) : null
    const helper = own === null || own === name ? null : find(own)
    if (helper === null || node.kind === 'rule') continue
    const message = `\`${name}\` does what \`${helper.name}\` does, which \`$(call if_changed,${helper.name.slice(4)})\` runs`
    report({ at: { file: path, ...node.name.range }, message, evidence: [`${helper.place} defines it`] })
  }
  if (!text.includes('mktemp')) return
  const temporary = find('tmp-target')
  if (temporary === null) return
  for (const script of scriptsOf(syntax).filter(({ kind }) => kind !== 'shell')) {
    for (const command of commandsOf(script.expr, text)) {
      if (programName(command) !== 'mktemp') continue
      const at = { file: path, start: command.start, end: command.end }
      const message =
        '`mktemp` leaves its file behind when make is interrupted: `$(tmp-target)` is a name beside the target'
      report({ at, message, evidence: [`${temporary.place} defines it`] })
    }
  }
}

function reportDirectories(makefile: MakefileView, { makefile: open, report }: TreeContext): void {
  if (makefile.world !== 'kbuild' || !makefile.text.includes('mkdir')) return
  if (open('scripts/Makefile.build')?.text.includes('mkdir -p $(obj-dirs)') !== true) return
  for (const { range, target } of madeDirectories(makefile)) {
    const message = `Kbuild makes the directory of \`${target}\`, which is in \`targets\`: \`mkdir\` is not needed`
    report({ at: { file: makefile.path, ...range }, message })
  }
}
