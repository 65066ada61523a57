import { textOf } from '../../src/make/expr-text.ts'
import { visitNodes } from '../../src/make/visit.ts'
import { archOf } from '../../src/kbuild/source-arch.ts'
import { normalise } from '../../src/kbuild/parsed-files.ts'
import { definitionsIn } from '../../src/review/recipe-variables.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import { environmentOf, type Taken } from './script-environment.ts'

/**
 * A script finds in its environment what make was given there or on its command line, and what a makefile exports (GNU make manual,
 * "Communicating Variables to a Sub-make"). A variable that is set and not exported is empty in the script, or the user's.
 *
 * Silent on names that the script sets, tests or has a default for, and on scripts that read other scripts; where the makefile names the
 * variable before an `=` of the shell, or hands it over as an argument; and on `GZIP` and its like where the value is a list of options.
 */
export default defineRule({
  id: 'kf-missing-export',
  severity: 'warning',
  scope: 'tree',
  summary:
    'A script reads a variable of make that is not exported, or a name is exported that a program takes for its options.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) {
      checkReserved(makefile, context)
      if (isPartOfBuild(makefile)) checkScripts(makefile, context)
    }
  },
})

/** Names that programs read options or settings from: gzip(1), bzip2(1), lzop(1) "ENVIRONMENT"; grep before 2.21; sh(1), bash(1). */
const reserved: Readonly<Record<string, string>> = {
  GZIP: 'gzip',
  BZIP: 'bzip2',
  BZIP2: 'bzip2',
  LZOP: 'lzop',
  GREP_OPTIONS: 'grep',
  CDPATH: 'the `cd` of shells',
  BASH_ENV: 'bash',
}

function checkReserved(makefile: MakefileView, { report }: TreeContext): void {
  const { syntax, text, path } = makefile
  if (!Object.keys(reserved).some((name) => text.includes(name))) return
  const exported = new Set(exportedIn(makefile))
  for (const { name, value, node } of definitionsIn(syntax)) {
    const reader = reserved[name]
    const written = textOf(text, value).trim()
    if (reader === undefined || !exported.has(name) || written === '' || written.startsWith('-')) continue
    report({
      at: { file: path, ...node.range, end: value.range.end },
      subject: name,
      severity: 'error',
      message: `\`${name}\` is exported, and ${reader} reads its options from that name`,
    })
  }
}

function checkScripts(makefile: MakefileView, context: TreeContext): void {
  const scripts = scriptsIn(makefile, context)
  if (scripts.length === 0) return
  const exported = exportedNames(makefile, context)
  if (exported === null) return
  for (const { path, at } of scripts) {
    const taken = environmentOf(path, context.tree.read(path) ?? '') ?? []
    for (const each of taken) {
      if (exported.has(each.name) || wellKnown.test(each.name) || isHandedOver(each, makefile)) continue
      const where = whereSet(each, makefile, context)
      if (where === null) continue
      context.report({
        at,
        subject: `${path} ${each.name}`,
        message: `\`${path}\` reads \`$${each.name}\`, which is not exported`,
        related: [
          { at: { file: path, start: each.start, end: each.end }, message: 'read here' },
          { at: where, message: 'set here' },
        ],
      })
    }
  }
}

type Script = {
  readonly path: string
  readonly at: { readonly file: string; readonly start: number; readonly end: number }
}

/** The scripts of the tree that a makefile names by `$(srctree)`, `$(src)` or the like, each once. */
function scriptsIn({ path: file, text }: MakefileView, { tree }: TreeContext): readonly Script[] {
  const directory = file.slice(0, file.lastIndexOf('/') + 1)
  const found = new Map<string, Script>()
  for (const match of text.matchAll(/\$[({](srctree|abs_srctree|src)[)}]\/([\w./-]+\.(?:sh|py|pl))\b/g)) {
    const [whole, base, below = ''] = match
    const path = normalise(base === 'src' ? directory + below : below)
    if (found.has(path) || tree.read(path) === null) continue
    found.set(path, { path, at: { file, start: match.index, end: match.index + whole.length } })
  }
  return [...found.values()]
}

/**
 * All that the top makefile, that of the architecture and this one export under any condition, also before the top makefile calls itself;
 * null where one exports everything, or it is not known what.
 */
function exportedNames(
  makefile: MakefileView,
  { kernel, directory, makefile: open }: TreeContext,
): ReadonlySet<string> | null {
  const model = directory(makefile.path)?.model ?? kernel(archOf(makefile.path))
  if (model === null) return null
  const names = new Set(model.top.exported.keys())
  const [, arch] = /^(arch\/[^/]+)\//.exec(makefile.path) ?? []
  for (const each of [makefile, open('Makefile'), arch === undefined ? null : open(`${arch}/Makefile`)]) {
    const exported = each === null ? [] : exportedIn(each)
    if (exported === null) return null
    for (const name of exported) names.add(name)
  }
  return names
}

/** The names that a makefile exports as they are written, in any of its branches; null where it exports all. */
function exportedIn({ syntax, text }: MakefileView): readonly string[] | null {
  const names: string[] = []
  for (const { node } of visitNodes(syntax.nodes)) {
    if (node.kind === 'export' && node.names === null) return null
    if (node.kind === 'export' && node.names !== null) names.push(...textOf(text, node.names).split(/\s+/))
    // `export FOO := x`, and `all: export FOO := x`.
    const assignment = node.kind === 'rule' ? node.assignment : node.kind === 'assignment' ? node : null
    if (assignment?.modifiers.includes('export') === true) names.push(textOf(text, assignment.name).trim())
  }
  return names
}

/** What the shell and the system set. */
const wellKnown =
  /^(?:HOME|PATH|PWD|OLDPWD|SHELL|TMPDIR|USER|LOGNAME|HOSTNAME|TERM|LANG|LC_\w+|TZ|IFS|OPTARG|OPTIND|PPID|UID|EUID|RANDOM|SECONDS|LINENO|FUNCNAME|REPLY|BASH\w*|PIPESTATUS|MACHTYPE|OSTYPE|COLUMNS|LINES|MAKEFLAGS|MAKELEVEL|MAKE)$/

/** Whether a recipe sets the variable for its command, as in `FOO="$(FOO)" $(CONFIG_SHELL) ...`. */
function isHandedOver({ name }: Taken, { text }: MakefileView): boolean {
  return new RegExp(`(?:^|[\\s;@&|(])(?:export )?${name}=`, 'm').test(text)
}

/** Where make has a variable of that name: in this makefile or the top one; null where it has none. */
function whereSet({ name }: Taken, makefile: MakefileView, { makefile: open }: TreeContext): Script['at'] | null {
  for (const each of [makefile, open('Makefile')]) {
    const found = each && definitionsIn(each.syntax).find((definition) => definition.name === name)
    if (each && found) return { file: each.path, start: found.node.range.start, end: found.value.range.end }
  }
  return null
}
