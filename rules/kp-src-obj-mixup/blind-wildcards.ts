import { sourcePath } from '../../src/kbuild/separate-build.ts'
import type { Evaluation } from '../../src/make/evaluation.ts'
import { textOf } from '../../src/make/expr-text.ts'
import { globTree } from '../../src/make/glob.ts'
import { callsOf, exprsOf, visitNodes } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { definitionsIn } from '../../src/review/recipe-variables.ts'
import type { MakefileView, TreeContext } from '../../src/review/rule.ts'

/** `$(wildcard $(obj)/*.c)`: looks where make runs alone (GNU make dir.c, VPATH is not asked), and finds sources without `O=` only. */
export function blindWildcards(
  makefile: MakefileView,
  evaluation: Evaluation,
  { tree }: TreeContext,
): readonly Report[] {
  const { syntax, text, path } = makefile
  if (!text.includes('wildcard')) return []
  const exprs = new Set([
    ...[...visitNodes(syntax.nodes)].flatMap(({ node }) => exprsOf(node)).map(({ expr }) => expr),
    ...definitionsIn(syntax).map(({ value }) => value),
  ])
  return [...exprs].flatMap((expr) =>
    callsOf(expr, 'wildcard').flatMap(({ args, range }): readonly Report[] => {
      const written = args.map((arg) => textOf(text, arg)).join(',')
      if (/\$[({]?[@<^+*?%|\d]/.test(written)) return []
      const { words, unknown } = evaluation.wordsOf(evaluation.expand(written))
      if (unknown.length > 0) return []
      const sources = new Set(words.flatMap((word) => sourcePath(word.text) ?? []))
      const blind = words.find(
        ({ text: each }) =>
          isBlind(each) && !sources.has(each.replace(/^\.\//, '')) && (globTree(tree, each) ?? []).length > 0,
      )
      if (blind === undefined) return []
      return [
        {
          at: { file: path, ...range },
          message: `with \`O=\` \`${text.slice(range.start, range.end)}\` finds nothing: the files are in the source tree`,
          subject: written,
          evidence: [`\`${blind.text}\` is looked for where make runs alone`],
        },
      ]
    }),
  )
}

/** A pattern for any name is for what a build leaves there; a source has an ending, or a name. */
function isBlind(pattern: string): boolean {
  return sourcePath(pattern) === null && !pattern.startsWith('/') && !/(?:^|\/)\*$/.test(pattern)
}
