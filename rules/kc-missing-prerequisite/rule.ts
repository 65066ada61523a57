import type { DirectoryRules } from '../../src/kbuild/directory-rules.ts'
import { rulesOf } from '../../src/kbuild/directory-rules.ts'
import { normalise } from '../../src/kbuild/parsed-files.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import type { Rule } from '../../src/make/rule.ts'
import { kbuildDirectories, whenHolds } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'
import { headerUses, type HeaderUse } from './generated-headers.ts'
import { redundantPrerequisites } from './redundant-prerequisites.ts'
import { runFiles, type RunFile } from './run-files.ts'

/**
 * make knows of no order but what prerequisites say. Told are a program that the same makefile makes, a script of the tree, and a
 * generated header of the same directory, where no way leads to it from the prerequisites of what uses it, through the rules of
 * the makefile; `|` counts as a way.
 *
 * Silent on programs of other directories, which the top makefile has made before; on recipes that run each time, and goals that are
 * no files of the directory, which nothing is too old for; on what a variable stands for; on headers that are included below `#if`
 * or by other headers; and on headers in always-y of a directory that the top or arch makefile enters by name, once for these.
 */
export default defineRule({
  id: 'kc-missing-prerequisite',
  severity: 'warning',
  scope: 'tree',
  summary: 'A recipe uses what is not among its prerequisites, or has those that Kbuild finds by itself.',
  since: '0.1.0',
  check(context) {
    for (const found of kbuildDirectories(context)) {
      const rules = rulesOf(found.model.conditions, found.directory.evaluation)
      if (rules.all.length === 0) continue
      reportRunFiles(found, rules, context)
      for (const use of headerUses(found, rules, context)) reportHeader(found, { use, rules }, context)
      reportRedundant(found, rules, context)
    }
  },
})

function reportRunFiles({ directory }: KbuildDirectory, rules: DirectoryRules, context: TreeContext): void {
  const programs = new Set(directory.lists.hostPrograms.map(({ text }) => normalise(`${directory.path}/${text}`)))
  for (const rule of rules.all) {
    const [target] = rule.targets
    if (rule.recipe.length === 0 || !target?.text.startsWith(`${directory.path}/`)) continue
    for (const file of runFiles(rule, directory.evaluation, context.makefile)) {
      const kind = kindOf(file, { rules, programs, context, rule })
      if (kind === null || reachedFrom(rules, prerequisitesOf(rule, rules)).has(file.path)) continue
      const name = target.text.slice(directory.path.length + 1)
      context.report({
        at: file.at,
        subject: `${name} ${file.path}`,
        ...(kind === 'program' && { severity: 'error' }),
        message:
          kind === 'program'
            ? `\`${name}\` is made by \`${file.written}\`, which need not be there yet: it is no prerequisite`
            : `\`${name}\` stays as it is when \`${file.written}\` changes, which its recipe runs: it is no prerequisite`,
      })
    }
  }
}

type Asked = {
  readonly rules: DirectoryRules
  readonly programs: ReadonlySet<string>
  readonly context: TreeContext
  readonly rule: Rule
}

function kindOf({ path }: RunFile, { rules, programs, context, rule }: Asked): 'script' | 'program' | null {
  if (programs.has(path) || (rules.target(path)?.recipes.length ?? 0) > 0) return 'program'
  return context.tree.blob(path) !== null && !runsAlways(rule) ? 'script' : null
}

/** FORCE, and nothing that compares: the recipe is run each time. */
function runsAlways({ prerequisites, recipe }: Rule): boolean {
  return prerequisites.some(({ text }) => text === 'FORCE') && !recipe.some(({ text }) => text.includes('if_changed'))
}

function reportHeader(
  found: KbuildDirectory,
  { use, rules }: { use: HeaderUse; rules: DirectoryRules },
  context: TreeContext,
): void {
  const { directory } = found
  const target = rules.target(use.object)
  const own = target === null ? [] : [...target.prerequisites, ...target.orderOnly]
  if (use.origin === null || reachedFrom(rules, own).has(use.header)) return
  const [object, header] = [use.object, use.header].map((path) => path.slice(directory.path.length + 1))
  if (directory.lists.always.some(({ text }) => text === header) && isEnteredByName(directory.path, context)) return
  context.report({
    at: use.origin,
    severity: 'error',
    message: `\`${object ?? ''}\` may be compiled before \`${header ?? ''}\` is there: it is no prerequisite`,
    subject: `${use.object} ${use.header}`,
    evidence: [`${use.source}:${use.line} includes it`, 'the first build does not know that yet'],
    ...whenHolds(found, use.when),
  })
}

/** Whether the top makefile or that of an architecture enters a directory by itself, so that its always-y is made first. */
function isEnteredByName(path: string, { makefile: open }: TreeContext): boolean {
  const arch = /^arch\/[^/]+\//.exec(path)?.[0]
  const name = path.slice(path.lastIndexOf('/') + 1)
  const texts = ['Makefile', ...(arch === undefined ? [] : [`${arch}Makefile`])].map((file) => open(file)?.text ?? '')
  return texts.some((text) => text.split('\n').some((line) => line.includes('$(build)=') && line.includes(name)))
}

function reportRedundant({ directory }: KbuildDirectory, rules: DirectoryRules, context: TreeContext): void {
  for (const { words, target } of redundantPrerequisites(rules, context)) {
    const [first] = words
    if (first === undefined) continue
    const files = words.map(({ text }) => `\`${normalise(text)}\``)
    const more = files.length > 1 ? ` and ${files.length - 1} more` : ''
    context.report({
      at: first.origin,
      severity: 'info',
      message: `\`${target.slice(directory.path.length + 1)}\` need not name ${files[0] ?? ''}${more}: Kbuild finds out what is compiled and included`,
      subject: `${target} ${files.join(' ')}`,
    })
  }
}

function prerequisitesOf(rule: Rule, rules: DirectoryRules): readonly Word[] {
  const targets = rule.kind === 'pattern' ? [] : rule.targets.flatMap(({ text }) => rules.target(text) ?? [])
  const added = targets.flatMap(({ prerequisites, orderOnly }) => [...prerequisites, ...orderOnly])
  return [...rule.prerequisites, ...rule.orderOnly, ...added]
}

/** What is made before, by the rules of the makefile: the words and all that they have as prerequisites. */
function reachedFrom(rules: DirectoryRules, words: readonly Word[]): ReadonlySet<string> {
  const reached = new Set<string>()
  const waiting = words.map(({ text }) => text)
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const path = normalise(name)
    if (reached.has(path)) continue
    reached.add(path)
    const target = rules.target(name)
    if (target) waiting.push(...[...target.prerequisites, ...target.orderOnly].map(({ text }) => text))
  }
  return reached
}
