import { never } from '../../src/cond/conditions.ts'
import { exprWords, literalText, textOf } from '../../src/make/expr-text.ts'
import { matchName } from '../../src/make/glob.ts'
import { createIgnoreMatcher } from '../../src/review/gitignore.ts'
import { definitionsIn } from '../../src/review/recipe-variables.ts'
import { makesNothing, recipeOutputs } from '../../src/review/recipe-outputs.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import type { Span } from '../../src/text/span.ts'

/**
 * The top makefile removes by name what is built in the top directory: nothing there has `targets`, and no list is cleaned by itself. So
 * each file that scripts/Makefile.modpost and its like make there, or that `$(extmod_prefix)` stands before, is looked for in what the
 * makefile removes, by name or by pattern, in scripts/link-vmlinux.sh, which cleans up after itself, and in .gitignore.
 *
 * Silent on phony targets, on targets whose recipe only says that they are missing, on what a variable stands for, on commands in variables, and without a .gitignore at the top about that half.
 */
export default defineRule({
  id: 'lp-top-level-artifact',
  severity: 'warning',
  scope: 'tree',
  summary: 'The build leaves a file in the top directory that it does not clean, or that git takes for new.',
  since: '0.1.0',
  check(context) {
    const top = context.makefile('Makefile')
    const made = top === null ? [] : context.makefiles.flatMap((makefile) => artifactsOf(makefile, context))
    if (top === null || made.length === 0) return
    const isCleaned = cleanTest(top, context)
    const isIgnored = context.tree.blob('.gitignore') === null ? () => true : createIgnoreMatcher(context.tree)
    const told = new Set<string>()
    for (const { name, at } of made) {
      const lacks = [...(isCleaned(name) ? [] : [notCleaned]), ...(isIgnored(name) ? [] : [notIgnored])]
      if (lacks.length === 0 || told.has(name)) continue
      told.add(name)
      context.report({
        at,
        message: `\`${name}\` is left in the top directory: ${lacks.map(({ message }) => message).join(', and ')}`,
        subject: `artifact ${name}`,
        evidence: lacks.map(({ evidence }) => evidence(name)),
      })
    }
  },
})

const notCleaned = {
  message: '`make clean` does not remove it',
  evidence: (name: string) => `${name} belongs in CLEAN_FILES of the top makefile`,
}
const notIgnored = {
  message: 'git does not ignore it',
  evidence: (name: string) => `a line /${name} belongs in .gitignore`,
}

/** Whether some `make clean` removes a file of the top directory. */
function cleanTest({ syntax, text }: MakefileView, { tree, closures }: TreeContext): (name: string) => boolean {
  const lists = definitionsIn(syntax).filter(({ name }) => /^(?:CLEAN|MRPROPER|DISTCLEAN)_FILES$/.test(name))
  const named = new Set(
    lists.flatMap(({ value }) => exprWords(text, value).flatMap((word) => literalText(text, word) ?? [])),
  )
  const patterns = closures()
    .cleanPatterns()
    .map(({ pattern }) => pattern)
  const cleaner = tree.read('scripts/link-vmlinux.sh') ?? ''
  const byScript = new Set([...cleaner.matchAll(/^\s*rm -f (.+)$/gm)].flatMap(([, words = '']) => words.split(/\s+/)))
  return (name) =>
    named.has(name) || byScript.has(name) || patterns.some((pattern) => matchName(undotted(name), undotted(pattern)))
}

/** find(1) lets `*` stand for a dot at the beginning; a glob does not. */
function undotted(name: string): string {
  return name.replace(/^\./, '_')
}

type Artifact = { readonly name: string; readonly at: Span }

const scripts = /^scripts\/Makefile\.(?:modpost|modfinal|vmlinux(?:_\w+)?)$/

function artifactsOf(makefile: MakefileView, { tree, closures }: TreeContext): readonly Artifact[] {
  if (makefile.path === 'Makefile') return exportedNames(makefile)
  if (!scripts.test(makefile.path)) return []
  const found = closures().sharedScript(makefile.path, 'kernel')
  if (found === null) return []
  return found.rules.all.flatMap(({ kind, targets, recipe }) => {
    const isMade = kind !== 'pattern' && recipe.length > 0 && !makesNothing(recipe)
    const named = isMade ? targets.filter(({ text }) => found.rules.phony(text) === never) : []
    return [...named, ...recipe.flatMap(recipeOutputs)]
      .filter(({ text, origin }) => isTopLevel(text) && origin.file === makefile.path && tree.blob(text) === null)
      .map(({ text, origin }) => ({ name: text, at: origin }))
  })
}

/** `export MODULES_LIST := $(extmod_prefix)modules.list`: a file that the scripts write beside the others. */
function exportedNames({ path, text, syntax }: MakefileView): readonly Artifact[] {
  return definitionsIn(syntax).flatMap(({ node, value }) => {
    const name = /^\s*\$[({]extmod_prefix[)}]([\w.-]+)\s*$/.exec(textOf(text, value))?.[1]
    if (name === undefined || node.kind !== 'assignment' || !node.modifiers.includes('export')) return []
    return [{ name, at: { file: path, ...value.range } }]
  })
}

function isTopLevel(name: string): boolean {
  return /^[\w.-]+$/.test(name) && name !== 'FORCE'
}
