import type { Evaluation } from '../../src/make/evaluation.ts'
import { exprWords, textOf } from '../../src/make/expr-text.ts'
import { sourcePath } from '../../src/kbuild/separate-build.ts'
import type { Report } from '../../src/review/finding.ts'
import { definitionsIn } from '../../src/review/recipe-variables.ts'
import type { MakefileView, TreeContext } from '../../src/review/rule.ts'

/** Directories of headers that a build makes, each with who does. */
const generated: readonly (readonly [pattern: RegExp, by: string])[] = [
  [/^usr\/include(?:\/|$)/, '`make headers`'],
  [/^include\/(?:generated|config)(?:\/|$)/, 'the top makefile'],
  [/^arch\/\w+\/include\/generated(?:\/|$)/, 'scripts/Makefile.asm-headers'],
]

/** `-I$(srctree)/usr/include`: flags that name such a directory in the source tree, which has no header there. */
export function generatedIncludes(
  makefile: MakefileView,
  evaluation: Evaluation,
  { tree }: TreeContext,
): readonly Report[] {
  const { syntax, text, path } = makefile
  if (!['-I$', '-isystem$', '-iquote$'].some((option) => text.includes(option))) return []
  return definitionsIn(syntax).flatMap(({ value }) =>
    exprWords(text, value).flatMap((word): readonly Report[] => {
      const [, option = '', written] = /^(-I|-isystem|-iquote)(\$[({].+)$/.exec(textOf(text, word)) ?? []
      if (written === undefined || /\$[({][@<^+*?%|\d]/.test(written)) return []
      const { words } = evaluation.wordsOf(evaluation.expand(written))
      const [only, ...more] = words
      const directory = only === undefined || more.length > 0 ? null : sourcePath(only.text)
      const by = directory === null ? undefined : generated.find(([pattern]) => pattern.test(directory))?.[1]
      if (directory === null || by === undefined || tree.list(directory).some(({ name }) => name.endsWith('.h')))
        return []
      const at = { file: path, start: word.range.start, end: word.range.end }
      return [
        {
          at,
          message: `\`${option}${written}\` finds no header with \`O=\`: ${directory} is made where the objects are`,
          subject: `${option}${written}`,
          evidence: [`${by} makes its headers, in $(objtree)`],
          suggestion: {
            message: `use \`${option}$(objtree)/${directory}\``,
            edits: [{ at, text: `${option}$(objtree)/${directory}` }],
          },
        },
      ]
    }),
  )
}
