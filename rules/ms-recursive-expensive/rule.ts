import { literalText, textOf } from '../../src/make/expr-text.ts'
import { callsOf, referencesOf, type Call } from '../../src/make/visit.ts'
import { recipeTexts } from '../../src/review/recipe-texts.ts'
import { definitionsByName, type Definition } from '../../src/review/recipe-variables.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import { appendedExports, exportedNames } from './appended-exports.ts'

/**
 * `=` keeps the text, and each use expands it: a probe of the compiler then runs for each object, and three times over, as `if_changed`
 * compares, prints and runs the command. An exported variable is expanded for each recipe line (GNU make job.c, `target_environment()`).
 *
 * Told where a use that is expanded late is in sight: a recipe or a command of the same makefile, at any depth, the flags of an
 * object, `export`. Silent on texts that take parameters, on variables of one target, and on the top makefile, which puts off what depends on
 * the architecture. Of `$(shell)` only those are told that ask the toolchain, and not in a command (kc-shell-in-recipe) nor for one object,
 * where `=` keeps `make clean` from asking: what reads a file may have to wait for it.
 */
export default defineRule({
  id: 'ms-recursive-expensive',
  severity: 'warning',
  scope: 'tree',
  summary: 'A probe runs each time its variable is used, or an exported variable grows with each make.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) {
      if (!isPartOfBuild(makefile)) continue
      if (makefile.path !== 'Makefile' && (makefile.text.includes('shell') || /\bcall[ \t]/.test(makefile.text)))
        reportProbes(makefile, context)
      for (const { name, first } of appendedExports(makefile, context)) {
        const { node } = first.definition
        const at = { file: makefile.path, ...(node.kind === 'rule' ? node.range : node.name.range) }
        const message = `\`${name}\` is exported and only added to: a make that reads this again finds it in its environment, and adds once more`
        context.report({ at, severity: 'error', message, subject: name })
      }
    }
  },
})

function reportProbes(makefile: MakefileView, { report }: TreeContext): void {
  const { syntax, text, path } = makefile
  const late = new Map(
    recipeTexts(syntax).flatMap((part) => (part.kind === 'variable' ? [[part.definition.node, part.isCommand]] : [])),
  )
  const exported = new Set(exportedNames(makefile))
  const ofObjects = usedByObjects(makefile)
  for (const [name, definitions] of definitionsByName(syntax)) {
    if (name.startsWith('quiet_')) continue
    for (const definition of definitions.filter((each) => isDeferred(each, definitions) && each.ofTargets === null)) {
      const probe = probeIn(definition, text)
      const isCommand = late.get(definition.node) === true
      const use = exported.has(name)
        ? 'exported'
        : late.has(definition.node)
          ? 'recipe'
          : ofObjects.has(name)
            ? 'object'
            : null
      if (probe === null || use === null || (probe.fn === 'shell' && (isCommand || use === 'object'))) continue
      const shown = textOf(text, probe).replaceAll(/\s*\\\n\s*|\s+/g, ' ')
      const message = `\`${shown.length > maxShown ? `${shown.slice(0, maxShown - 3)}...` : shown}\` runs again ${uses[use]}: \`${name}\` is set with \`${definition.op}\``
      report({
        at: { file: path, ...probe.range },
        message,
        subject: name,
        evidence: [remedy[isCommand ? 'command' : 'variable']],
      })
    }
  }
}

const remedy = {
  command: 'a variable set with `:=` is expanded once',
  variable: '`:=` expands it once, while the makefile is read',
} as const

/** How much of a probe is shown. */
const maxShown = 50

const uses = {
  exported: 'for each recipe line, as it is exported',
  recipe: 'each time a recipe is expanded',
  object: 'each time the command of an object is expanded',
} as const

/** Flags that scripts/Makefile.lib takes into the command of an object when it is made. */
function isObjectFlag(name: string): boolean {
  return /^(?:CFLAGS|AFLAGS|CPPFLAGS|LDFLAGS|HOSTCFLAGS|OBJCOPYFLAGS)_(?:REMOVE_)?[\w./-]+\.[\w.]+$|^(?:cc|as|cpp|ld|rust)flags-y$/.test(
    name,
  )
}

/** The flags of objects that are kept as text, and what these name, at any depth, and keep as text. */
function usedByObjects({ syntax, text }: MakefileView): ReadonlySet<string> {
  const byName = definitionsByName(syntax)
  const names = new Set([...byName.keys()].filter(isObjectFlag))
  // A set that grows is gone through to its end.
  for (const name of names) {
    const definitions = byName.get(name) ?? []
    for (const definition of definitions.filter((each) => isDeferred(each, definitions)))
      for (const { name: named } of referencesOf(definition.value)) names.add(literalText(text, named) ?? '')
  }
  return names
}

/** Whether a value is kept as text: `+=` follows the first (GNU make manual 6.6), which is elsewhere where it stands first. */
function isDeferred({ op }: Definition, [first]: readonly Definition[]): boolean {
  const kept = op === '+=' ? first?.op : op
  return kept === '=' || kept === '?='
}

/** Macros of scripts/Makefile.compiler that run a tool. */
const probing =
  /^(?:(?:cc|as|ld|rustc)-(?:option|option-yn|disable-warning|instr|ifversion)\d?|try-run|__cc-option|cc-ldoption)$/

/** The probe in a value; null where there is none, or where it has to wait or takes parameters. */
function probeIn({ value }: Definition, text: string): Call | null {
  if (referencesOf(value).some(({ name }) => /^\d$/.test(literalText(text, name) ?? ''))) return null
  const macro = callsOf(value, 'call').find(
    ({ args }) => args[0] !== undefined && probing.test(textOf(text, args[0]).trim()),
  )
  const shell = callsOf(value, 'shell').find((call) => asksToolchain(textOf(text, call)))
  return macro ?? shell ?? null
}

/** Whether a command asks the toolchain, and nothing that the build makes. */
function asksToolchain(command: string): boolean {
  const isTool = /\$[({](?:CC|LD|HOSTCC|HOSTCXX|RUSTC|HOSTPKG_CONFIG|CLANG|READELF|NM)[)}]|\bpkg-config\b/.test(command)
  return (
    isTool &&
    !/\$[@<^?*+|]|\$[({](?:[@<^?*+][DF]?|real-prereqs|obj|objtree)[)}]|vmlinux|include\/(?:generated|config)/.test(
      command,
    )
  )
}
