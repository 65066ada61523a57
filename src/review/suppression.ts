import type { Finding } from './finding.ts'
import { matchesPattern } from './maintainers.ts'
import { defineRule, type KconfigView, type MakefileView, type TreeRule } from './rule.ts'
import { kconfigIgnores, makefileIgnores, type IgnoreComments } from './ignore-comments.ts'

/** Who keeps a finding from being told: a comment of the file, with its reason, or the configuration. */
export type SuppressedBy = { readonly kind: 'comment'; readonly reason: string } | { readonly kind: 'configuration' }

/** A finding that is not told, counted and shown by --explain. */
export type Suppressed = { readonly finding: Finding; readonly by: SuppressedBy }

/** Rules by id, with the paths that each is not told of, as patterns of MAINTAINERS (`drivers/vendor/`). */
export type IgnoredPaths = Readonly<Record<string, readonly string[]>>

/** Whether the configuration keeps a finding from being told. */
export function isIgnoredPath(ignored: IgnoredPaths, { rule, path }: Pick<Finding, 'rule' | 'path'>): boolean {
  return (ignored[rule] ?? []).some((pattern) => matchesPattern(pattern, path))
}

/** Parts what the configuration keeps from being told from the other findings. */
export function suppressByPath<F extends Finding>(
  findings: readonly F[],
  ignored: IgnoredPaths,
): { readonly findings: readonly F[]; readonly suppressed: readonly Suppressed[] } {
  const by = { kind: 'configuration' } as const
  return {
    findings: findings.filter((finding) => !isIgnoredPath(ignored, finding)),
    suppressed: findings.filter((finding) => isIgnoredPath(ignored, finding)).map((finding) => ({ finding, by })),
  }
}

/** The views of a tree's files, as rules see them. */
type Views = {
  readonly makefile: (path: string) => MakefileView | null
  readonly kconfig: (path: string) => KconfigView | null
}

/** The reason that a comment gives for not telling a rule's finding at a place; null where none does. */
export type Ignores = (rule: string, at: { readonly file: string; readonly start: number }) => string | null

/** Looks comments up; each file is searched once. */
export function createIgnores(views: Views): Ignores {
  const known = new Map<string, IgnoreComments>()
  return (rule, { file, start }) => {
    const ignores = known.get(file) ?? ignoresOf(views, file)
    known.set(file, ignores)
    const found = ignores.comments.find(
      ({ rules, about }) => rules.includes(rule) && start >= about.start && start < about.end,
    )
    return found?.reason ?? null
  }
}

function ignoresOf({ makefile, kconfig }: Views, path: string): IgnoreComments {
  const make = makefile(path)
  if (make !== null) return makefileIgnores(make.text, make.syntax)
  const menu = kconfig(path)
  return menu === null ? { comments: [], unread: [] } : kconfigIgnores(menu.text, menu.syntax)
}

/** The name in brackets of what is said about our own comments. */
const ownName = 'kbuild-review'

/**
 * Says what is wrong with comments for us: a rule that there is not, or a form that is not read. It is no rule of the list, and
 * no comment ignores it: a slip in such a comment would keep silent what nobody meant.
 */
export function ignoreCommentRule(knownRules: readonly string[]): TreeRule {
  const known = new Set(knownRules)
  return defineRule({
    id: ownName,
    severity: 'error',
    scope: 'tree',
    summary: 'A comment for kbuild-review that it cannot follow.',
    since: '0.1.0',
    check({ makefiles, kconfigs, report }) {
      const all = [
        ...makefiles.map(({ path, text, syntax }) => ({ path, text, ignores: makefileIgnores(text, syntax) })),
        ...kconfigs.map(({ path, text, syntax }) => ({ path, text, ignores: kconfigIgnores(text, syntax) })),
      ]
      for (const { path, text, ignores } of all) {
        const form = '`# kbuild-review: ignore RULE: why` before a statement, or `ignore-file RULE: why`, is expected'
        for (const at of ignores.unread) report({ at: { file: path, ...at }, message: form })
        for (const { rules, at } of ignores.comments)
          for (const rule of rules.filter((each) => !known.has(each))) {
            const start = text.indexOf(rule, at.start)
            const message = `there is no rule \`${rule}\``
            report({ at: { file: path, start, end: start + rule.length }, message })
          }
      }
    },
  })
}
