import type { Expr } from '../../src/make/cst.ts'
import { literalText, textOf } from '../../src/make/expr-text.ts'
import { exprsInPart, visitNodes } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { definitionsOf, engineOf, includedBy, type Closure } from '../../src/review/recipe-closure.ts'
import { macroCalls, macroPrefixes, type MacroCall } from '../../src/review/recipe-macros.ts'
import { defineRule, type MakefileView, type TreeContext, type World } from '../../src/review/rule.ts'
import { secondCalls } from './second-calls.ts'

/**
 * `$(call if_changed,link)` compares and runs `cmd_link`; the macros put the name together (scripts/Kbuild.include). A name that is
 * defined nowhere is empty: the command is not run, and nobody says so.
 *
 * A name counts as defined where the makefile, what it includes, the top makefile or the engine in scripts/ define it under any
 * condition: `cmd` is made to do nothing where a command is left out by configuration. Unsure where an `include` cannot be followed,
 * where names are put together (`cmd_$(1)`), and in a makefile that others include, which may define it. Silent on a name that is
 * itself put together, and in tools/ and the selftests, whose macros are others (tools/build/Build.include). Two commands of one
 * target matter where it is a file of this directory, whose record is read back: a name without a path is mostly no file.
 */
export default defineRule({
  id: 'kc-stem-mismatch',
  severity: 'error',
  scope: 'tree',
  summary: 'A macro of Kbuild is given a name that it finds no command under, or two in one recipe share a record.',
  since: '0.1.0',
  check(context) {
    const engine = once(() => engineOf(context))
    for (const makefile of context.makefiles) {
      if (!worlds.has(makefile.world) || !mayCall.test(makefile.text)) continue
      checkMakefile(makefile, engine, context)
      for (const { call, macro, first } of secondCalls(makefile)) {
        context.report({ at: { file: makefile.path, ...call.range }, ...describeSecond(macro, first, makefile) })
      }
    }
  },
})

const worlds: ReadonlySet<World> = new Set(['kbuild', 'top', 'core'])
const mayCall = /\bcall[ \t]+(?:cmd|if_changed|filechk)/

/** Where most of the commands are that makefiles share; a part of a tree may go without. */
function isLibrary({ path }: MakefileView): boolean {
  return path === 'scripts/Makefile.lib'
}

type Engine = () => readonly MakefileView[]

function once<T>(get: () => T): () => T {
  let kept: { readonly value: T } | null = null
  return () => (kept ??= { value: get() }).value
}

function checkMakefile(makefile: MakefileView, engine: Engine, context: TreeContext): void {
  const { path } = makefile
  const closure = once(() => includedBy(makefile, context.makefile))
  for (const found of macroCalls(makefile)) {
    const { stem, stemText } = found
    if (stem === null || stemText === null) continue
    const at = { file: path, ...stem.range }
    if (stemText !== stemText.trim()) {
      context.report({ at: { file: path, ...found.call.range }, ...describeBlank(found, makefile) })
      continue
    }
    for (const name of namesFor(found)) {
      const places = [...closure().makefiles, ...engine(), ...present(context.makefile('Makefile'))]
      if (definitionsOf(name, places).length > 0) continue
      const doubt = engine().some(isLibrary)
        ? doubtOf(name, makefile, closure())
        : 'the tree has no scripts/Makefile.lib'
      if (doubt !== null) context.unsure(at, doubt)
      else context.report({ at, ...describeMissing(found, name, makefile) })
    }
  }
}

/** The variables that a call needs: `if_changed_rule` runs `rule_X` and compares `cmd_X`. */
function namesFor({ macro, stemText }: MacroCall): readonly string[] {
  const prefix = macroPrefixes.get(macro)
  if (prefix === undefined || stemText === null || stemText === '') return []
  return macro === 'if_changed_rule' ? [`rule_${stemText}`, `cmd_${stemText}`] : [`${prefix}${stemText}`]
}

/** Why a name may be defined after all; null where nothing speaks for it. */
function doubtOf(name: string, makefile: MakefileView, closure: Closure): string | null {
  if (!closure.isWhole) return 'an `include` line holds a variable, and what it names may define it'
  if (isFragment(makefile)) return 'the makefile is included by others, which may define it'
  const prefix = /^[a-z]+_/.exec(name)?.[0] ?? ''
  const computed = closure.makefiles.some((each) => definesComputed(prefix, each))
  return computed ? `names that begin with \`${prefix}\` are put together here` : null
}

/** Whether a makefile is only ever included: make starts with another of the same directory, or of another. */
function isFragment({ path, world }: MakefileView): boolean {
  return world === 'kbuild' && !/(?:^|\/)(?:Makefile|Kbuild)$/.test(path)
}

/** Whether a makefile sets variables with names like `cmd_$(1)`, on a line or in text for `$(eval)`. */
function definesComputed(prefix: string, { syntax, text }: MakefileView): boolean {
  if (new RegExp(`\\b${prefix}[\\w-]*\\$[^\\n=]*=`).test(text)) return true
  return [...visitNodes(syntax.nodes)].some(({ node }) => {
    if (node.kind === 'eval') return holdsDefinition(node.expr, text, prefix)
    return node.kind === 'assignment' && literalText(text, node.name) === null && /^\$/.test(textOf(text, node.name))
  })
}

function holdsDefinition(expr: Expr, text: string, prefix: string): boolean {
  return textOf(text, expr).includes(prefix) || expr.parts.some((part) => exprsInPart(part).length > 2)
}

function describeBlank({ macro, stem, stemText }: MacroCall, { path }: MakefileView): Omit<Report, 'at'> {
  const name = stemText?.trim() ?? ''
  const prefix = macroPrefixes.get(macro) ?? ''
  const side = stemText?.startsWith(name) === true ? 'after' : 'before'
  const message = `the blank ${side} \`${name}\` is part of the name: \`${macro}\` finds no \`${prefix}${name}\` under it`
  const edits = stem === null ? [] : [{ at: { file: path, ...stem.range }, text: name }]
  return { message, suggestion: { message: 'take the blank out', edits } }
}

function describeMissing({ macro, stemText }: MacroCall, name: string, { path }: MakefileView): Omit<Report, 'at'> {
  const isCompared = macro === 'if_changed_rule' && name.startsWith('cmd_')
  const subject = `${path} ${macro} ${name}`
  if (isCompared) {
    const message = `\`if_changed_rule\` compares \`${name}\`, which is defined nowhere: a changed command goes unnoticed`
    return { message, subject, severity: 'info' }
  }
  return {
    message: `\`${macro}\` runs \`${name}\`, which is defined nowhere`,
    subject,
    ...consequence(macro, stemText),
  }
}

function consequence(macro: string, stem: string | null): Pick<Report, 'evidence'> {
  if (macro === 'filechk') return { evidence: ['an empty text in braces is a syntax error of the shell'] }
  if (macro === 'if_changed_rule') return { evidence: [`\`$(rule_${stem ?? ''})\` is empty: the recipe does nothing`] }
  return { evidence: ['the name is expanded to nothing, and nothing is run'] }
}

function describeSecond(macro: string, first: MacroCall, { path }: MakefileView): Omit<Report, 'at'> {
  return {
    message: `a second \`${macro}\` in one recipe overwrites what the first has written down of its command`,
    evidence: [
      'both write the same `.cmd` file, the one of `$@`:',
      'the first finds another command there next time, and runs again',
    ],
    related: [{ at: { file: path, ...first.call.range }, message: 'the first' }],
  }
}

function present<T>(value: T | null): readonly T[] {
  return value === null ? [] : [value]
}
