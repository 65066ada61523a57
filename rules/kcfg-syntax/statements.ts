import { enclosingBlocks } from '../../src/kconfig/enclosing.ts'
import type { KconfigFile, Range, Word } from '../../src/kconfig/syntax.ts'
import type { KconfigView } from '../../src/review/rule.ts'
import type { Tree } from '../../src/text/tree.ts'

/** What is wrong at a place; `says` is what conf says, `replacement` what to write there instead. */
export type Fault = Range & { readonly message: string; readonly says?: string; readonly replacement?: string }

/** `source` lines for which there is no file: for `$(SRCARCH)`, in no architecture. */
export function sourcesOfNothing({ syntax }: KconfigView, tree: Tree): readonly Fault[] {
  return syntax.statements.flatMap((statement) => {
    if (statement.kind !== 'source' || statement.relative || statement.optional) return []
    const { path } = statement
    const paths = pathsOf(path, tree)
    if (paths === null || paths.some((each) => tree.read(each) !== null)) return []
    return [
      {
        start: path.start,
        end: path.end,
        message: `there is no file \`${path.text}\``,
        says: `can't open file "${path.text}"`,
      },
    ]
  })
}

/** The paths that a word may be; null where it holds a macro other than `$(SRCARCH)`. */
function pathsOf(path: Word, tree: Tree): readonly string[] | null {
  if (path.parts === null) return [path.text]
  if (path.parts.some((part) => part.kind === 'macro' && part.text !== 'SRCARCH')) return null
  const architectures = tree.list('arch').filter(({ kind }) => kind === 'directory')
  const named = architectures.map(({ name }) =>
    path.parts?.map((part) => (part.kind === 'macro' ? name : part.text)).join(''),
  )
  return named.flatMap((each) => each ?? [])
}

/** Defaults of what a choice chooses among, which conf refuses since Linux 6.11: the default is one of the choice. */
export function defaultsInChoices(file: KconfigFile): readonly Fault[] {
  return file.statements.flatMap((statement) => {
    if (statement.kind !== 'config') return []
    if (!enclosingBlocks(file, statement).some(({ kind }) => kind === 'choice')) return []
    return statement.properties.flatMap((property) => {
      if (property.kind !== 'default') return []
      const { start, end } = property
      const message = `\`${statement.name.text}\` is in a choice, which has the default: conf refuses one here`
      return [{ start, end, message, says: 'defaults for choice values not supported' }]
    })
  })
}
