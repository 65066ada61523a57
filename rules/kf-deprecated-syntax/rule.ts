import { exprWords, literalText, textOf } from '../../src/make/expr-text.ts'
import { callsOf, exprsOf, referencesOf, visitNodes } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { definitionsByName } from '../../src/review/recipe-variables.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import { commandsOf } from '../../src/review/shell-commands.ts'
import { programVariable } from '../../src/review/shell-program.ts'
import { scriptsOf } from '../../src/review/shell-scripts.ts'
import { engineOf, type Engine } from './engine.ts'
import { oldMacros, oldNames } from './names.ts'

/**
 * Whether an old name still means something is asked of the tree's own scripts: nobody complains of one that is not read any more.
 *
 * Silent where the makefile reads the variable itself, which is then its own; and in tools/ and the selftests, where
 * EXTRA_CFLAGS is an option of tools/build. `extra-y` for what is not part of vmlinux is not told: which that is, is not in the
 * makefile.
 */
export default defineRule({
  id: 'kf-deprecated-syntax',
  severity: 'error',
  scope: 'tree',
  summary: 'A variable or macro of Kbuild is used that the tree does not know any more, or not for long.',
  since: '0.1.0',
  check(context) {
    const makefiles = context.makefiles.filter(isPartOfBuild)
    const engine = makefiles.length === 0 ? null : engineOf(context)
    if (engine === null) return
    for (const makefile of makefiles) {
      reportReferences(makefile, engine, context)
      // The top Makefile is where old names are taken in.
      if (makefile.path === 'Makefile') continue
      reportNames(makefile, engine, context)
      reportSubdirs(makefile, engine, context)
      reportOverlays(makefile, engine, context)
    }
  },
})

function reportNames(makefile: MakefileView, engine: Engine, { report }: TreeContext): void {
  const { syntax, text, path, world } = makefile
  for (const { node } of visitNodes(syntax.nodes)) {
    if (node.kind !== 'assignment') continue
    const name = textOf(text, node.name).trim()
    const old = oldNames.find((each) => each.pattern.test(name) && each.worlds.includes(world))
    if (old === undefined || text.includes(`$(${name})`)) continue
    const isRead = old.isRead(engine, name)
    if (isRead && !old.isLeaving) continue
    const message = isRead ? `\`${name}\` is on its way out: ${old.advice}` : `nothing reads \`${name}\`: ${old.advice}`
    const at = { file: path, ...node.name.range }
    const severity = isRead ? 'warning' : 'error'
    report({ at, message, severity, ...renaming(at, old.replacement) })
  }
}

function renaming(at: Report['at'], name: string | null): Pick<Report, 'suggestion'> {
  return name === null ? {} : { suggestion: { message: `write \`${name}\``, edits: [{ at, text: name }] } }
}

/** MODVERDIR, and macros that are not there. */
function reportReferences(makefile: MakefileView, engine: Engine, { report }: TreeContext): void {
  const { syntax, text, path } = makefile
  if (!oldReferences.some((name) => text.includes(name))) return
  const own = definitionsByName(syntax)
  const exprs = [...visitNodes(syntax.nodes)].flatMap(({ node }) => exprsOf(node)).map(({ expr }) => expr)
  for (const { name, range } of exprs.flatMap(referencesOf)) {
    if (textOf(text, name) !== 'MODVERDIR' || engine.defines('MODVERDIR') || own.has('MODVERDIR')) continue
    report({
      at: { file: path, ...range },
      message: '`$(MODVERDIR)` is empty: modules.order lists the modules, and NAME.mod their objects',
    })
  }
  for (const call of exprs.flatMap((expr) => callsOf(expr, 'call'))) {
    const name = call.args[0] === undefined ? null : literalText(text, call.args[0])?.trim()
    const advice = name === null || name === undefined ? undefined : oldMacros[name]
    if (name === null || name === undefined || advice === undefined || engine.defines(name) || own.has(name)) continue
    report({
      at: { file: path, ...call.range },
      message: `there is no \`${name}\`, so this call is empty: ${advice} took its place`,
    })
  }
}

const oldReferences = ['MODVERDIR', ...Object.keys(oldMacros)]

/** `SUBDIRS=dir` on the command line of a kernel's makefile, which refuses it since Linux 5.4. */
function reportSubdirs({ syntax, text, path }: MakefileView, engine: Engine, { report }: TreeContext): void {
  if (!text.includes('SUBDIRS=') || !engine.mentions("'SUBDIRS' was removed")) return
  for (const script of scriptsOf(syntax)) {
    for (const command of commandsOf(script.expr, text).filter((each) => programVariable(each) === 'MAKE')) {
      const words = command.words.map(({ start, end }) => ({ start, end, written: text.slice(start, end) }))
      const entersKernel = words.some(({ written }) =>
        /\/lib\/modules\/|\$[({](?:KDIR|KERNEL\w*|KSRC)[)}]/.test(written),
      )
      const found = words.find(({ written }) => written.startsWith('SUBDIRS='))
      if (found === undefined || !entersKernel) continue
      const at = { file: path, start: found.start, end: found.start + 'SUBDIRS='.length }
      report({ at, message: '`SUBDIRS=` is refused by the top makefile: `M=` took its place', ...renaming(at, 'M=') })
    }
  }
}

/** Overlays in lists whose source is still called `.dts` (Linux 6.5: `.dtbo` is made from `.dtso` alone). */
function reportOverlays(
  { syntax, text, path, world }: MakefileView,
  engine: Engine,
  { tree, report }: TreeContext,
): void {
  if (world !== 'kbuild' || !text.includes('.dtbo') || !engine.mentions('%.dtbo: $(src)/%.dtso')) return
  if (engine.mentions('%.dtbo: $(src)/%.dts ')) return
  const directory = path.slice(0, path.lastIndexOf('/') + 1)
  for (const { node } of visitNodes(syntax.nodes)) {
    if (node.kind !== 'assignment') continue
    for (const word of exprWords(text, node.value)) {
      const base = /^([\w./-]+)\.dtbo$/.exec(literalText(text, word) ?? '')?.[1]
      if (base === undefined || tree.read(`${directory}${base}.dtso`) !== null) continue
      if (tree.read(`${directory}${base}.dts`) === null) continue
      const message = `\`${base}.dtbo\` is made from \`${base}.dtso\`, and the source is \`${base}.dts\``
      report({ at: { file: path, ...word.range }, message })
    }
  }
}
