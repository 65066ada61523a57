import type { Conditions } from '../../src/cond/conditions.ts'
import { rulesOf } from '../../src/kbuild/directory-rules.ts'
import { roleOf } from '../../src/kbuild/make-closure.ts'
import { overriddenRecipes, type OverriddenRecipe } from '../../src/kbuild/overridden-recipes.ts'
import { selftestLibrary } from '../../src/kbuild/selftest-directory.ts'
import { archOf } from '../../src/kbuild/source-arch.ts'
import type { Evaluation } from '../../src/make/evaluation.ts'
import { visitNodes } from '../../src/make/visit.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'
import type { Span } from '../../src/text/span.ts'

/**
 * A target has one recipe: of several rules with one, make keeps the last and says so, and does nothing of what the others say. That is
 * looked for in all that a makefile is read with, above all lib.mk of the selftests, which has `all`, `clean`, `install` and others.
 *
 * Silent on `::` rules, on pattern rules, where no configuration reads both, and on targets that are not known.
 */
export default defineRule({
  id: 'ms-recipe-override',
  severity: 'warning',
  scope: 'tree',
  summary: 'A target has two recipes, and make drops the first.',
  since: '0.1.0',
  check(context) {
    const entries = new Set(context.makefiles.flatMap(({ path }) => context.closures().readers(path)))
    const tops = context.makefiles.flatMap(({ path }) => (isOfTop(path) ? [path] : []))
    for (const entry of [...entries, ...tops].sort()) {
      const read = hasRecipes(entry, context) ? readingOf(entry, context) : null
      if (read === null) continue
      const overridden = overriddenRecipes(rulesOf(read.conditions, read.evaluation))
      for (const each of overridden) reportOverride(entry, each, context)
    }
  },
})

type Reading = { readonly conditions: Conditions; readonly evaluation: Evaluation }

/** The top Makefile, and those that it includes of architectures. */
const isOfTop = (path: string): boolean => path === 'Makefile' || /^arch\/[^/]+\/Makefile$/.test(path)

/** Directories of the kernel are in its model already, with what the top Makefile hands to them, and so is that. */
function readingOf(entry: string, { closures, directory, kernel }: TreeContext): Reading | null {
  if (isOfTop(entry)) {
    const model = kernel(archOf(entry))
    const evaluation = model?.top.evaluation
    return model && evaluation ? { conditions: model.conditions, evaluation } : null
  }
  if (roleOf(entry) !== 'kbuild') return closures().of(entry)
  const known = directory(entry)
  return known && { conditions: known.model.conditions, evaluation: known.directory.evaluation }
}

/** Whether the makefile itself has a recipe; most have none, and need not be evaluated. */
function hasRecipes(entry: string, { makefile }: TreeContext): boolean {
  const nodes = makefile(entry)?.syntax.nodes ?? []
  return visitNodes(nodes).some(({ node }) => node.kind === 'recipe')
}

/** Told of the makefile itself: what is wrong between two that it includes is so for all that do. */
function reportOverride(entry: string, { target, earlier, later }: OverriddenRecipe, { report }: TreeContext): void {
  const isLater = later.origin.file === entry
  const [at, other] = isLater ? [later.origin, earlier.origin] : [earlier.origin, later.origin]
  if (at.file !== entry || isSameSpan(at, other)) return
  report({
    at,
    subject: target,
    ...(other.file === selftestLibrary && { severity: 'error' }),
    message: isLater
      ? `\`${target}\` has a recipe already, which make drops for this one`
      : `make drops this recipe of \`${target}\` for one that is read later`,
    related: [{ at: other, message: isLater ? 'the recipe that is dropped' : 'the recipe that make keeps' }],
    evidence: ['GNU make warns: overriding recipe for target'],
  })
}

/** The same line, read twice. */
function isSameSpan(left: Span, right: Span): boolean {
  return left.file === right.file && left.start === right.start
}
