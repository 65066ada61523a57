import type { DirectoryRules } from '../../src/kbuild/directory-rules.ts'
import { normalise } from '../../src/kbuild/parsed-files.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import type { TreeContext } from '../../src/review/rule.ts'

/** Prerequisites of a rule line that Kbuild finds by itself: files of the tree that an object is compiled from, or that it includes. */
export type RedundantPrerequisites = { readonly words: readonly Word[]; readonly target: string }

/**
 * The checked-in sources and headers in rule lines without a recipe whose target is made by the rules of scripts/Makefile.build: these
 * keep what the compiler says that it has read (scripts/basic/fixdep). An object that the makefile makes itself may have no such record.
 */
export function redundantPrerequisites(
  rules: DirectoryRules,
  { tree }: TreeContext,
): readonly RedundantPrerequisites[] {
  return rules.all.flatMap((rule) => {
    if (rule.kind === 'pattern' || rule.recipe.length > 0 || rule.separator.endsWith('::')) return []
    const targets = rule.targets.map(({ text }) => text)
    if (targets.length === 0 || !targets.every((name) => isCompiled(name, rules))) return []
    const redundant = rule.prerequisites.filter(
      ({ text }) => /\.[chS]$/.test(text) && tree.blob(normalise(text)) !== null,
    )
    return redundant.length === 0 ? [] : [{ words: redundant, target: targets[0] ?? '' }]
  })
}

function isCompiled(name: string, rules: DirectoryRules): boolean {
  const hasOwnRule =
    (rules.target(name)?.recipes.length ?? 0) > 0 || rules.patterns(name).some(({ rule }) => rule.recipe.length > 0)
  return /\.(?:o|lds)$/.test(name) && !hasOwnRule
}
