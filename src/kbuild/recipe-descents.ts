/**
 * Where recipes send make to a directory: `$(Q)$(MAKE) $(build)=$(boot) $(boot)/bzImage` (Documentation/kbuild/makefiles.rst,
 * "Kbuild makefiles for boot images"). The ordinary descent, by `obj-y` and its like, knows nothing of these.
 */
import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Evaluation } from '../make/evaluation.ts'
import { exprWords, textOf } from '../make/expr-text.ts'
import type { Word } from '../make/guarded-words.ts'
import type { RecipeLine, Rule } from '../make/rule.ts'
import { parseText } from '../make/script.ts'
import type { Span } from '../text/span.ts'
import { rulesOf } from './directory-rules.ts'
import { wordsWhen } from './guarded-list.ts'
import { normalise } from './parsed-files.ts'

/** A make that a recipe starts for a directory. */
export type RecipeDescent = {
  /** From the top of the tree: `arch/x86/boot`. */
  readonly directory: string
  /** The script that it runs there: `scripts/Makefile.build` for `$(build)=`, `scripts/Makefile.clean` for `$(clean)=`. */
  readonly script: string
  /** What it is to make there, from the top of the tree; with none the directory's default. */
  readonly goals: readonly Word[]
  /** `NAME=value` on its command line as written, such as `need-builtin=1`. */
  readonly variables: readonly string[]
  /** Where the recipe has it, and what leads to the makefile. */
  readonly when: Cond
  /** The target whose recipe it is in. */
  readonly target: string
  readonly rule: Rule
  /** The recipe line. */
  readonly origin: Span
}

/** A makefile whose recipes are asked. */
export type Caller = {
  readonly evaluation: Evaluation
  /** When make comes to it. */
  readonly when: Cond
}

/** The makes that the recipes of a makefile start for directories whose names are known. */
export function recipeDescentsOf(
  conditions: Conditions,
  { evaluation, when: reached }: Caller,
): readonly RecipeDescent[] {
  const rules = rulesOf(conditions, evaluation)
  const expand = expander(evaluation)
  return rules.all.flatMap((rule) => {
    const lines = rule.recipe.filter(({ text }) => startsMake.test(text))
    return lines.flatMap((line) =>
      [...new Set(rule.targets.map(({ text }) => text))].flatMap((target) => {
        const recipes = rule.kind === 'pattern' ? [rule] : (rules.target(target)?.recipes ?? [])
        const own = recipes.find((each) => each === rule || ('rule' in each && each.rule === rule))
        const when = conditions.and(reached, conditions.and(own?.when ?? never, line.when))
        return when === never ? [] : descentsIn(conditions, expand, { rule, line, target, when })
      }),
    )
  })
}

/** What can start such a make: the rest need not be expanded. */
const startsMake = /\$[({](?:build|clean|asm-generic|hdr-inst)[)}]=|\bobj=/

type Place = { readonly rule: Rule; readonly line: RecipeLine; readonly target: string; readonly when: Cond }

/** What stands in front of the directory: `$(build)=`, or the script itself and `obj=`. */
const ways: ReadonlyMap<string, string> = new Map([
  ['build', 'scripts/Makefile.build'],
  ['clean', 'scripts/Makefile.clean'],
  ['asm-generic', 'scripts/Makefile.asm-headers'],
  ['hdr-inst', 'scripts/Makefile.headersinst'],
])

/** The words that a text expands to; goals are the same for each directory of a list. */
type Expand = (text: string) => readonly Word[]

function expander(evaluation: Evaluation): Expand {
  const known = new Map<string, readonly Word[]>()
  return (text) => {
    const words = known.get(text) ?? evaluation.wordsOf(evaluation.expand(text)).words
    known.set(text, words)
    return words
  }
}

function descentsIn(
  conditions: Conditions,
  expanded: Expand,
  { rule, line, target, when }: Place,
): readonly RecipeDescent[] {
  const written = wordsIn(withAutomatic(line.text, target, rule))
  const expand = (text: string): readonly Word[] => wordsWhen(conditions, expanded(text), when)
  return written.flatMap((word, index) => {
    const [, way, named = ''] = /^(?:\$[({]([\w-]+)[)}]|obj)=(.+)$/.exec(word) ?? []
    const script = way === undefined ? writtenScript(written.slice(0, index)) : (ways.get(way) ?? null)
    if (named === '' || script === null) return []
    const args = named.endsWith(';') ? [] : argumentsIn(written.slice(index + 1))
    const goals = args.filter((each) => !assigns.test(each))
    const variables = args.filter((each) => assigns.test(each))
    return expand(named.replace(/;$/, '')).map((directory) => ({
      directory: normalise(directory.text) || '.',
      script,
      goals: goals
        .map(expand)
        .filter(areNames)
        .flat()
        .map((each) => ({ ...each, text: normalise(each.text) })),
      variables,
      when: directory.when,
      target,
      rule,
      origin: line.origin,
    }))
  })
}

const assigns = /^[\w-]+=/

/** Whether an argument that is a reference was not `NAME=value` after all. */
function areNames(words: readonly Word[]): boolean {
  return !words.some(({ text }) => assigns.test(text))
}

/** `-f $(srctree)/scripts/Makefile.build obj=...` */
function writtenScript(before: readonly string[]): string | null {
  const script = before.findLast((word) => word.includes('scripts/Makefile.'))
  return script === undefined ? null : script.slice(script.indexOf('scripts/Makefile.'))
}

/** The words of a text, references as they are written. */
function wordsIn(text: string): readonly string[] {
  const { expr, script } = parseText(text, '', null)
  return exprWords(script.makefile.text, expr).map((word) => textOf(script.makefile.text, word))
}

/** The words up to where the shell sees another command, or something else than arguments. */
function argumentsIn(words: readonly string[]): readonly string[] {
  const end = words.findIndex((word) => /^(?:[|&;>)]|\d>)/.test(word) || word.endsWith(';'))
  if (end === -1) return words
  const last = words[end] ?? ''
  return [...words.slice(0, end), ...(/^[^|&;>()\d].*;$/.test(last) ? [last.slice(0, -1)] : [])]
}

/** A recipe line with the automatic variables that name its target and first prerequisite put in; others are left. */
function withAutomatic(text: string, target: string, rule: Rule): string {
  const first = rule.prerequisites[0]?.text ?? ''
  const slash = target.lastIndexOf('/')
  return text
    .replaceAll(/\$(?:@|\(@\)|\{@\})/g, () => target)
    .replaceAll('$(@D)', () => (slash === -1 ? '.' : target.slice(0, slash)))
    .replaceAll('$(@F)', () => target.slice(slash + 1))
    .replaceAll(/\$(?:<|\(<\))/g, () => first)
    .replaceAll(/[ \t]*\\\r?\n[ \t]*/g, ' ')
}
