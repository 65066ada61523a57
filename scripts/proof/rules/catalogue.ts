import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Outcome, ProofContext } from '../check.ts'
import { runReview } from '../run-command.ts'

/** The rules that were planned, by family. */
const catalogue: Readonly<Record<string, string>> = {
  ms: 'unbalanced-conditional undefined-macro recipe-override parse-time-effect make-too-new recursive-expensive ifdef-misuse target-typo bare-make inconsistent-user-switch',
  ko: 'missing-source unreferenced-source undefined-config builtin-in-module-dir subdir-visits-module shared-object composite-self lib-y-misuse tools-build-world',
  sd: 'presence-changed',
  kc: 'if-changed-no-force if-changed-not-in-targets stem-mismatch shell-in-recipe missing-prerequisite parallel-phony-race use-kbuild-helper quiet-cmd failure-masked arg-list-too-long stale-or-always-rebuilt shell-quoting-portability',
  kf: 'unknown-kbuild-variable deprecated-syntax scope-changed cc-option-misuse try-run-missing-flags redundant-warning-flag sibling-missed include-path missing-export instrumentation-standalone',
  kp: 'script-without-srctree src-obj-mixup src-semantics-version writes-srctree path-concat',
  cc: 'host-target-mix hostprog-kernel-headers arch-condition',
  kcfg: 'undefined-symbol select-unmet redundant-line expression syntax macro-eval unreachable-symbol compile-test-deps',
  st: 'unregistered-test test-prog-files cflags-clobber gen-mods-dir config-fragment',
  lp: 'klp-flag-in-makefile top-level-artifact extmod-and-modpost',
  oot: 'top-makefile-reentry intree-only-prereq extmod-paths needed-file-not-shipped',
  cl: 'not-cleaned',
  gi: 'not-ignored',
  dt: 'overlay-base',
  hd: 'exported-and-generic-headers',
  pr: 'recipients docs-missed series-bisect unrelated-hunk tags-spdx foreign-owned-or-frozen',
}

/** Rules that are to be there. */
const wanted = 70

const ruleForm = z.looseObject({
  id: z.string(),
  level: z.enum(['mail', 'local', 'preview']),
  page: z.string(),
  cases: z.number().nullable(),
})

/** Which rules of the catalogue are there, each with its page, cases and level; the others with a reason in rules/README.md. */
export async function proveCatalogue({ root, say }: ProofContext): Promise<Outcome> {
  const { stdout } = await runReview(root, ['rules', '--format', 'json'])
  const rules = z.array(ruleForm).parse(JSON.parse(stdout))
  const ids = Object.entries(catalogue).flatMap(([family, names]) =>
    names.split(' ').map((name) => `${family}-${name}`),
  )
  const reasons = reasonsIn(readFileSync(join(root, 'rules', 'README.md'), 'utf8'))
  const there = rules.filter(({ id }) => ids.includes(id))
  const missing = ids.filter((id) => rules.every((rule) => rule.id !== id))
  const unexplained = missing.filter((id) => !reasons.has(id))
  const poor = there.filter(({ page, cases }) => !existsSync(join(root, page)) || (cases ?? 0) < 2)
  for (const id of missing) say(`not there: ${id}: ${reasons.get(id) ?? 'NO REASON'}`)
  for (const { id } of poor) say(`${id} lacks its page or cases`)
  const levels = ['mail', 'local', 'preview'].map(
    (level) => `${there.filter((rule) => rule.level === level).length} ${level}`,
  )
  return {
    ok: there.length >= wanted && unexplained.length === 0 && poor.length === 0,
    figure: `${there.length} of ${ids.length} rules (${levels.join(', ')}), ${rules.length - there.length} more, ${missing.length - unexplained.length} left out with a reason, ${unexplained.length} without, ${poor.length} without page or cases`,
  }
}

/** The items `- ID is no rule: ...` below "What is left out", with what they say. */
function reasonsIn(readme: string): ReadonlyMap<string, string> {
  const [, section = ''] = readme.split(/^## What is left out$/m)
  const [list = ''] = section.split(/^## /m)
  const items = list.split(/^- /m).slice(1)
  const named = items.flatMap((item) => {
    const [, id, why] = /^([a-z-]+) is no rule: (\S[^]*)$/.exec(item.trim()) ?? []
    return id === undefined || why === undefined ? [] : [[id, why.replaceAll(/\s+/g, ' ')] as const]
  })
  return new Map(named)
}
