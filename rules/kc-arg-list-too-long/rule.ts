import type { Part } from '../../src/make/cst.ts'
import { literalText, textOf } from '../../src/make/expr-text.ts'
import { rulesWithRecipes } from '../../src/make/recipes.ts'
import { callsOf, referencesOf, visitParts, type Reference } from '../../src/make/visit.ts'
import { commandVariables } from '../../src/review/recipe-commands.ts'
import { recipeLines, recipeTexts } from '../../src/review/recipe-texts.ts'
import { definitionsByName, definitionsIn } from '../../src/review/recipe-variables.ts'
import { defineRule, type MakefileView, type TreeContext, type World } from '../../src/review/rule.ts'

/**
 * make gives a recipe line to `sh -c` as one argument, and Linux takes 128 KiB for one (MAX_ARG_STRLEN, 32 pages), whatever the limit
 * for all of them is. What holds the names of all modules is longer with allmodconfig, also where `printf` is built into the shell.
 *
 * Told are variables of the same makefile that read modules.order, or find files in the whole build directory, in the text of a recipe,
 * and as prerequisites that the recipe names by `$^`. Silent in `$(file ...)`, which writes them without a shell, in conditions and counts, and on
 * lists that are cut (`$(filter ...)`, a pipe behind `cat`) or that others are cut by (`$(filter-out ...)`). How long other lists get is not known before a build.
 */
export default defineRule({
  id: 'kc-arg-list-too-long',
  severity: 'warning',
  scope: 'tree',
  summary: 'A command line holds the names of all modules or files of the tree.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) {
      if (!worlds.has(makefile.world) || !/modules?\.order|MODORDER|\bfind\b/.test(makefile.text)) continue
      const lists = longLists(makefile)
      for (const reference of namedInRecipes(makefile, lists)) reportLong(makefile, reference, context)
      for (const reference of asPrerequisites(makefile, lists)) reportLong(makefile, reference, context)
    }
  },
})

const worlds: ReadonlySet<World> = new Set(['kbuild', 'top', 'core'])

function reportLong({ path, text }: MakefileView, reference: Reference, { report }: TreeContext): void {
  const name = textOf(text, reference)
  report({
    at: { file: path, ...reference.range },
    message: `\`${name}\` holds the names of the whole tree: as a command line that is more than the 128 KiB of one argument`,
    subject: name,
    evidence: ['a recipe line is one argument of `sh -c` (MAX_ARG_STRLEN),', 'allmodconfig has some 8,000 modules'],
  })
}

/** The variables that hold what modules.order lists, or what `find` finds in the whole build directory. */
function longLists({ syntax, text }: MakefileView): ReadonlySet<string> {
  const lists = new Set<string>()
  const definitions = definitionsIn(syntax)
  for (let grown = -1; grown !== lists.size;) {
    grown = lists.size
    for (const { name, value } of definitions) {
      if (value.parts.some((part) => isList(part, text, lists))) lists.add(name)
    }
  }
  return lists
}

const keepsLength: ReadonlySet<string> = new Set(['addprefix', 'addsuffix', 'patsubst', 'sort', 'strip'])

/** Whether a part of a value is such a list, or one with other endings: `$(modules:%.o=%.ko)`, `$(addprefix dir/,$(modules))`. */
function isList(part: Part, text: string, lists: ReadonlySet<string>): boolean {
  if (part.kind === 'variable' || part.kind === 'substitution') return lists.has(literalText(text, part.name) ?? '')
  if (part.kind !== 'call') return false
  const inner = keepsLength.has(part.fn) ? (part.args.at(-1)?.parts ?? []) : []
  return readsAll(textOf(text, part)) || inner.some((each) => isList(each, text, lists))
}

const readsOrder =
  /^\$[({](?:call[ \t]+read-file,|file[ \t]*<|shell[ \t]+(?:cat|sed)\b)[^|]*(?:modules\.order|\$[({]MODORDER[)}])/
const findsAll = /^\$[({]shell[ \t]+find[ \t]+(?:\.|\$[({]objtree[)}])[ \t]/

function readsAll(call: string): boolean {
  return readsOrder.test(call) || findsAll.test(call)
}

/** References to such lists in recipes; in `$(file ...)`, `$(if ...)` and counts they do not reach the command line. */
function namedInRecipes({ syntax, text }: MakefileView, lists: ReadonlySet<string>): readonly Reference[] {
  return recipeTexts(syntax).flatMap(({ expr }) => {
    const hidden = new Set(
      ['file', 'words', 'word', 'firstword', 'lastword', 'filter'].flatMap((fn) =>
        callsOf(expr, fn).flatMap(({ args }) => args.flatMap((arg) => visitParts(arg))),
      ),
    )
    // The condition of an `if`, and the patterns of a `filter-out`.
    const first = ['if', 'filter-out'].flatMap((fn) => callsOf(expr, fn).flatMap(({ args }) => args[0] ?? []))
    const conditions = new Set(first.flatMap((arg) => visitParts(arg)))
    return referencesOf(expr).filter(
      (each) => lists.has(literalText(text, each.name) ?? '') && !hidden.has(each) && !conditions.has(each),
    )
  })
}

/** Prerequisites that hold such a list, of a rule whose command line names them all. */
function asPrerequisites({ syntax, text }: MakefileView, lists: ReadonlySet<string>): readonly Reference[] {
  const definitions = definitionsByName(syntax)
  return rulesWithRecipes(syntax).flatMap((rule) => {
    const commands = commandVariables(syntax, rule).flatMap((name) =>
      (definitions.get(name) ?? []).map(({ value }) => value),
    )
    const all = [...recipeLines(rule), ...commands].map((expr) => textOf(text, expr)).join('\n')
    if (!/\$[\^+]|\$[({](?:[\^+]|real-prereqs)[)}]/.test(all) || all.includes('$(file ')) return []
    return referencesOf(rule.rule.prerequisites).filter(({ name }) => lists.has(literalText(text, name) ?? ''))
  })
}
