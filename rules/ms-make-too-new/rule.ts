import type { Test } from '../../src/make/cst.ts'
import { exprWords, literalText, textOf } from '../../src/make/expr-text.ts'
import { visitNodes, visitParts, type Enclosing } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { isOlder, minimumMake, type MinimumMake } from '../../src/review/recipe-minimum-make.ts'
import { defineRule, type MakefileView, type TreeContext, type World } from '../../src/review/rule.ts'
import { featuresOf, hashesIn, type Feature } from './features.ts'

/**
 * The tree says which make it is to be built with: the top makefile since Linux 6.11, before that Documentation/process/changes.rst.
 * Where it does not, there is nothing to compare with, and it is unsure.
 *
 * Silent below a condition that asks for `.FEATURES`, for MAKE_VERSION, or for what the function itself gives. tools/ and the
 * selftests, which may ask for a newer make, are not looked at. `\#` in a function is passed on differently too, but as
 * the shell or sed then mean the same by it, nobody notices.
 */
export default defineRule({
  id: 'ms-make-too-new',
  severity: 'error',
  scope: 'tree',
  summary: 'A feature of GNU make is used that the oldest supported one does not have.',
  since: '0.1.0',
  check(context) {
    const makefiles = context.makefiles.filter(({ world }) => worlds.has(world))
    const minimum = makefiles.length === 0 ? null : minimumMake(context.tree)
    for (const makefile of makefiles) {
      checkMakefile(makefile, minimum, context)
      reportSecondExpansion(makefile, context)
    }
  },
})

const worlds: ReadonlySet<World> = new Set(['kbuild', 'top', 'core'])

function checkMakefile(makefile: MakefileView, minimum: MinimumMake | null, { report, unsure }: TreeContext): void {
  const { syntax, text, path } = makefile
  const [hasFeatures, hasHashes] = [mayHaveFeatures.test(text), mayHaveHashes.test(text)]
  if (!hasFeatures && !hasHashes) return
  for (const { node, enclosing } of visitNodes(syntax.nodes)) {
    for (const feature of [
      ...(hasFeatures ? featuresOf(node, text) : []),
      ...(hasHashes ? hashesIn(node, text) : []),
    ]) {
      if (isAskedFor(enclosing, text)) continue
      const at = { file: path, ...feature.range }
      if (minimum === null) unsure(at, 'the tree does not say which make it is to be built with')
      else if (isOlder(minimum.version, feature.since)) report({ at, ...describe(feature, minimum, makefile) })
    }
  }
}

/** What of a text can be one of the features: few makefiles have it anywhere. */
const mayHaveFeatures = /[({]\s*(?:let|intcmp|guile|file)\b|::=|!=|&:|\.(?:NOTINTERMEDIATE|EXTRA_PREREQS|WAIT)\b/

/** A `#` that does not begin a line, or begins one that goes on with another. */
const mayHaveHashes = /^[^\S\n]*[^\s#][^\n#]*#|\\\r?\n[^\S\n]*#/m

function describe(
  { name, since, effect, range }: Feature,
  minimum: MinimumMake,
  { path }: MakefileView,
): Omit<Report, 'at'> {
  const where = name === '#' ? '`#` inside of a function' : `\`${name}\``
  const report = {
    message: `${where} needs GNU make ${since}, and the tree is to be built with ${minimum.version}`,
    evidence: [`${minimum.place} asks for ${minimum.version}`, effect],
  }
  if (name !== '#') return report
  const edits = [{ at: { file: path, ...range }, text: '$(pound)' }]
  return { ...report, suggestion: { message: 'use `$(pound)`', edits } }
}

/** Whether a condition around asks what this make can do. */
function isAskedFor(enclosing: readonly Enclosing[], text: string): boolean {
  return enclosing.some(({ conditional }) => conditional.branches.some(({ test }) => test !== null && asks(test, text)))
}

function asks(test: Test, text: string): boolean {
  if (test.kind !== 'eq' && test.kind !== 'neq') return false
  return [test.left, test.right].some((side) => {
    const parts = [...visitParts(side)]
    return (
      /\$[({](?:\.FEATURES|MAKE_VERSION)[)}]/.test(textOf(text, side)) ||
      parts.some((part) => part.kind === 'call' && (part.fn === 'intcmp' || part.fn === 'let' || part.fn === 'guile'))
    )
  })
}

/** `.SECONDEXPANSION:` holds for every makefile that make has read by then: those of Kbuild expand their prerequisites twice from there on. */
function reportSecondExpansion({ syntax, text, path }: MakefileView, { report }: TreeContext): void {
  if (!text.includes('.SECONDEXPANSION')) return
  for (const { node } of visitNodes(syntax.nodes)) {
    if (node.kind !== 'rule' || node.assignment !== null) continue
    for (const word of exprWords(text, node.targets)) {
      if (literalText(text, word) !== '.SECONDEXPANSION') continue
      const message =
        '`.SECONDEXPANSION` makes make expand the prerequisites of all rules that follow twice, those of Kbuild too'
      report({ at: { file: path, ...word.range }, message, severity: 'warning' })
    }
  }
}
