import { never } from '../../src/cond/conditions.ts'
import type { Cleaned } from '../../src/kbuild/clean-mode.ts'
import { rulesOf, type DirectoryRules } from '../../src/kbuild/directory-rules.ts'
import { normalise } from '../../src/kbuild/parsed-files.ts'
import { archOf } from '../../src/kbuild/source-arch.ts'
import { matchName } from '../../src/make/glob.ts'
import type { Rule } from '../../src/make/rule.ts'
import { kbuildDirectories } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'
import { entryAt } from '../../src/review/selftests.ts'
import { reportRedundant } from './redundant.ts'

/**
 * `make clean` reads a directory without any configuration and removes what its lists name then (scripts/Makefile.clean), and in all
 * directories what the top makefile has a pattern for. Told is the target of a rule that is in neither.
 *
 * Silent on directories that make is not sent to, or whose lists are not known in full; on files that the top
 * makefile removes, or is to leave (`no-clean-files`); on targets that are phony, tracked, computed or
 * out of the directory; on files that their own recipe removes; and on recipes that write no file of that name, as far as it
 * can be seen.
 */
export default defineRule({
  id: 'cl-not-cleaned',
  severity: 'warning',
  scope: 'tree',
  summary: 'A file that the build makes stays after `make clean`, or is said to be cleaned twice.',
  since: '0.1.0',
  check(context) {
    if (context.tree.read('scripts/Makefile.clean') === null) return
    for (const found of kbuildDirectories(context)) {
      if (!found.reached || found.directory.path === '.') continue
      const rules = rulesOf(found.model.conditions, found.directory.evaluation, context.tree)
      const made = madeHere(found, rules, context)
      const isListed = /\b(?:clean-files|clean)\b/.test(context.makefile(found.directory.makefile)?.text ?? '')
      if (made.length === 0 && !isListed) continue
      const cleaned = context.closures().cleaned(archOf(found.directory.makefile), found.directory.path)
      if (cleaned === null) continue
      reportKept(found, { made, cleaned }, context)
      reportRedundant(found, cleaned, context)
    }
  },
})

/** A file of the directory that a rule makes. */
type Made = { readonly name: string; readonly rule: Rule; readonly at: Rule['origin'] }

function madeHere({ directory }: KbuildDirectory, rules: DirectoryRules, context: TreeContext): readonly Made[] {
  const prefix = `${directory.path}/`
  return rules.names.flatMap((target): Made[] => {
    const path = normalise(target)
    const [recipe] = rules.target(target)?.recipes ?? []
    const name = path.slice(prefix.length)
    if (recipe === undefined || !path.startsWith(prefix) || !/^[\w.+-][\w.+/-]*$/.test(name)) return []
    if (recipe.rule.origin.file !== directory.makefile || rules.phony(target) !== never) return []
    if (isPattern(name, context) || entryAt(context.tree, directory.path, name) !== 'missing') return []
    const at = recipe.rule.targets.find(({ text }) => text === target)?.origin ?? recipe.rule.origin
    return writes(recipe.rule) ? [{ name, rule: recipe.rule, at }] : []
  })
}

/** Whether a recipe writes its target: by a command of Kbuild, or by naming it. */
function writes({ recipe }: Rule): boolean {
  const text = recipe.map((line) => line.text).join('\n')
  if (/\brm\b|\$\(RM\)/.test(text)) return false
  return /\$\(call (?:if_changed|cmd|filechk)|(?:>|-o) *\$@|\$@$/m.test(text)
}

function isPattern(name: string, { closures }: TreeContext): boolean {
  const file = name.slice(name.lastIndexOf('/') + 1)
  return closures()
    .cleanPatterns()
    .some(({ pattern }) => matchName(`/${file}`, `/${pattern}`))
}

/** Whether it is to stay (`no-clean-files`), or is for the top makefile to remove: `make mrproper` takes keys and the like. */
function isLeftToTop(name: string, { directory, model }: KbuildDirectory): boolean {
  if (directory.evaluation.words('no-clean-files').words.some(({ text }) => text === name)) return true
  const path = `${directory.path}/${name}`
  const lists = ['CLEAN_FILES', 'MRPROPER_FILES'].flatMap((list) => model.top.evaluation?.words(list).words ?? [])
  return lists.some(({ text }) => matchName(path, text) || path.startsWith(`${text}/`))
}

function reportKept(
  found: KbuildDirectory,
  { made, cleaned }: { readonly made: readonly Made[]; readonly cleaned: Cleaned },
  context: TreeContext,
): void {
  const { directory } = found
  const removed = new Set(cleaned.files.map(({ text }) => normalise(text)))
  const patterns = [...removed].filter((word) => /[*?[]/.test(word))
  const isRemoved = (name: string): boolean =>
    patterns.some((pattern) => matchName(name, pattern)) ||
    name.split('/').some((_, at, parts) => removed.has(parts.slice(0, at + 1).join('/')))
  for (const { name, at } of made) {
    if (isRemoved(name) || isLeftToTop(name, found)) continue
    if (cleaned.unknown.length > 0) {
      context.unsure(at, `what is cleaned in ${directory.path} is not known in full`)
      continue
    }
    const listed = isListedSomewhere(name, directory)
    context.report({
      at,
      subject: `${directory.path}/${name}`,
      message: listed
        ? `\`${name}\` stays after \`make clean\`: it is listed under a condition, and cleaning knows no configuration`
        : `\`${name}\` stays after \`make clean\`: neither a list nor a pattern names it`,
    })
  }
}

function isListedSomewhere(name: string, { evaluation, lists }: KbuildDirectory['directory']): boolean {
  const words = [...evaluation.words('targets').words, ...evaluation.words('clean-files').words]
  return [...words, ...lists.always, ...lists.extra].some(({ text }) => normalise(text) === name)
}
