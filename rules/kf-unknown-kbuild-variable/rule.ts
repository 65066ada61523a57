import { never, type Cond } from '../../src/cond/conditions.ts'
import type { Setting } from '../../src/make/evaluation.ts'
import { isEntered, kbuildDirectories, settingLines, whenHolds } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { engineOf } from '../../src/review/recipe-closure.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'
import { oldNames } from '../kf-deprecated-syntax/names.ts'
import { knownVariables, type KnownVariables, type Use } from './known-variables.ts'
import { meantName } from './meant-name.ts'
import { readNames } from './read-names.ts'

/**
 * What Kbuild reads is asked of the tree's own scripts: the names that scripts/Kbuild.include and scripts/Makefile.* refer to, as they
 * are written or put together (`CFLAGS_$(target-stem).o`, `$(m)-objs`).
 *
 * Silent where the makefile or what it includes reads the variable, exports it, or reads names that are computed; where a variable is
 * set at once to what a command prints that makes or removes files; on flags for a file
 * that anything in the makefile names; on statements of included makefiles, which may have other readers; and on directories that
 * neither lists nor recipes send make to.
 */
export default defineRule({
  id: 'kf-unknown-kbuild-variable',
  severity: 'error',
  scope: 'tree',
  absence: true,
  summary: 'A makefile sets a variable that neither it nor Kbuild reads.',
  since: '0.1.0',
  check(context) {
    if (scriptPaths.some((path) => context.tree.read(path) === null)) return
    const directories = kbuildDirectories(context)
    if (directories.length === 0) return
    const scripts = readNames(engineOf(context).map(({ syntax }) => syntax))
    for (const found of directories) {
      const known = knownVariables(found, scripts, context.makefile)
      const statements = unreadStatements(found, known, context.tree.read(found.directory.makefile) ?? '')
      if (statements.length === 0 || !isEntered(found)) continue
      for (const statement of statements) reportStatement({ found, known, statement }, context)
    }
  },
})

/** Without one of these, a tree is a part of a kernel that does not say what Kbuild reads. */
const scriptPaths = [
  'scripts/Kbuild.include',
  'scripts/Makefile.build',
  'scripts/Makefile.lib',
  'scripts/Makefile.host',
]

/** An assignment of which some names are read by nobody. */
type Statement = {
  readonly first: Setting
  readonly unread: readonly Unread[]
  /** Names that are read: of `ccflags-$(CONFIG_BOARDS)` the one with `y`. */
  readonly read: readonly Read[]
}
type Unread = { readonly setting: Setting; readonly use: Exclude<Use, { kind: 'read' }> }
type Read = { readonly setting: Setting; readonly by: 'scripts' | 'makefile' }

function unreadStatements({ directory }: KbuildDirectory, known: KnownVariables, text: string): readonly Statement[] {
  const { evaluation, makefile } = directory
  const own = evaluation.settings.filter(
    ({ nameSpan, modifiers, name, when }) =>
      nameSpan.file === makefile && when !== never && !modifiers.includes('export') && !isOldName(name),
  )
  return [...Map.groupBy(own, ({ nameSpan }) => nameSpan.start).values()].flatMap((settings): Statement[] => {
    // What a symbol or switch that is off leaves of `obj-$(CONFIG_BOARDS)`.
    const counted = settings.filter(
      (setting) =>
        !acts(setting, text) &&
        (!/[-_]$/.test(setting.name) || setting.nameSpan.end - setting.nameSpan.start === setting.name.length),
    )
    const unread: Unread[] = []
    const read: Read[] = []
    for (const setting of counted) {
      const use = known.useOf(setting.name)
      if (use.kind === 'read') read.push({ setting, by: use.by })
      else unread.push({ setting, use })
    }
    const [first] = unread
    return first === undefined ? [] : [{ first: first.setting, unread, read }]
  })
}

/** Whether a variable is set for what happens then: `_dummy := $(shell mkdir -p $(obj)/generated)`. */
function acts({ op, valueSpan, nameSpan }: Setting, text: string): boolean {
  if (valueSpan.file !== nameSpan.file || op === '=' || op === '?=' || op === '+=') return false
  const value = text.slice(valueSpan.start, valueSpan.end)
  return (op === '!=' || value.startsWith('$(shell')) && /\b(?:mkdir|ln|cp|mv|rm|touch|install)\b/.test(value)
}

/** Names that `kf-deprecated-syntax` tells of. */
function isOldName(name: string): boolean {
  return oldNamesOfKbuild.some(({ pattern }) => pattern.test(name))
}

const oldNamesOfKbuild = oldNames.filter(({ worlds }) => worlds.includes('kbuild'))

type Asked = { readonly found: KbuildDirectory; readonly known: KnownVariables; readonly statement: Statement }

function reportStatement(asked: Asked, context: TreeContext): void {
  const { found, known, statement } = asked
  const { unread, read, first } = statement
  const one = read.length === 0 ? unread[0] : unread.find(({ setting }) => isLostInModules(setting, read))
  if (one === undefined) return
  const doubt = known.doubt()
  if (doubt !== null) {
    context.unsure(first.nameSpan, `nothing seen reads \`${one.setting.name}\`, but ${doubt}`)
    return
  }
  if (read.length === 0) reportUnread(asked, one, context)
  else reportLost(found, one.setting, context)
}

/**
 * `ccflags-m`, where the scripts read `ccflags-y`: a flag that is there when the symbol is `y`, and gone when it is `m`. What the
 * makefile itself makes of a list's names may take care of both.
 */
function isLostInModules({ name }: Setting, read: readonly Read[]): boolean {
  const other = `${name.slice(0, -1)}y`
  return name.endsWith('-m') && read.some(({ setting, by }) => by === 'scripts' && setting.name === other)
}

function reportUnread({ found, known }: Asked, { setting, use }: Unread, { tree, report }: TreeContext): void {
  const { name, nameSpan: at } = setting
  const written = tree.read(at.file)?.slice(at.start, at.end) ?? ''
  const meant = meantName(name, (other) => known.useOf(other).kind === 'read')
  const suggestion =
    meant === null
      ? {}
      : { suggestion: { message: `was \`${meant}\` meant?`, edits: written === name ? [{ at, text: meant }] : [] } }
  report({
    at,
    subject: `${found.directory.path} ${name}`,
    severity: meant === null ? 'warning' : 'error',
    message: messageOf(name, use),
    ...suggestion,
  })
}

function messageOf(name: string, use: Exclude<Use, { kind: 'read' }>): string {
  switch (use.kind) {
    case 'no file':
      return `\`${name}\` counts for nothing: no list or rule of the makefile names \`${use.stem}\``
    case 'no object':
      return `nothing reads \`${name}\`: no list has \`${use.object}\``
    case 'unread':
      return `nothing reads \`${name}\``
  }
}

function reportLost(
  found: KbuildDirectory,
  { name, nameSpan: at, when }: Setting,
  { report, unsure }: TreeContext,
): void {
  const lost: Cond = found.model.conditions.and(when, found.directory.when)
  const witness = found.witness(lost)
  if (witness.kind === 'unknown') unsure(at, `nothing reads \`${name}\`; it is not known whether it is ever set`)
  if (witness.kind !== 'found') return
  report({
    at,
    subject: `${found.directory.path} ${name}`,
    message: `nothing reads \`${name}\`: what is added here is lost in modules`,
    ...whenHolds(found, lost),
    evidence: settingLines(witness),
  })
}
