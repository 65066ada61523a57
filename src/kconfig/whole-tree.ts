import type { Span } from '../text/span.ts'
import { oncePer } from '../text/once-per.ts'
import type { Tree } from '../text/tree.ts'
import { parseEach, type KconfigFiles } from './files.ts'
import { definedNames } from './references.ts'
import { resolveSource } from './resolve-source.ts'
import type { KconfigFile, Statement, Word } from './syntax.ts'

/** The Kconfig files of a tree, those of all architectures together. */
export type WholeKconfig = {
  /** By path, in an order that is the same for the same tree. */
  readonly files: ReadonlyMap<string, KconfigFile>
  /** The `source` lines that lead to no file, whatever the architecture: what those would define is not known. */
  readonly unresolved: readonly Span[]
}

/** More files than any kernel has (Linux 6.12: 1,790); what is beyond is not read. */
const maxFiles = 20_000

/**
 * Every file that some architecture's configuration may read, from `Kconfig` at the top. A macro in a `source` path stands for any one
 * name: `arch/$(SRCARCH)/Kconfig` is that of each architecture.
 */
export function readWholeKconfig(tree: Tree, sources: KconfigFiles = parseEach()): WholeKconfig {
  const files = new Map<string, KconfigFile>()
  const unresolved: Span[] = []
  let level = ['Kconfig']
  while (level.length > 0 && files.size < maxFiles) {
    const next = new Set<string>()
    sources.prefetch(tree, level)
    for (const path of level) {
      const file = sources.file(tree, path)
      if (file === null) continue
      files.set(path, file)
      for (const { paths, statement } of sourcesIn(tree, path, file)) {
        if (paths.length === 0 && !statement.optional)
          unresolved.push({ file: path, start: statement.start, end: statement.end })
        for (const one of paths) next.add(one)
      }
    }
    level = [...next].filter((path) => !files.has(path))
  }
  return { files, unresolved }
}

type Source = Extract<Statement, { readonly kind: 'source' }>

function sourcesIn(tree: Tree, path: string, file: KconfigFile): { paths: readonly string[]; statement: Source }[] {
  return file.statements.flatMap((statement) => {
    if (statement.kind !== 'source') return []
    const from = statement.relative ? path : null
    return [{ statement, paths: resolveSource(tree, { path: patternOf(statement.path), from, srctree: '$(srctree)' }) }]
  })
}

/** The text of a path with `*` for its macros; `$(srctree)` at its start is the top of the tree. */
function patternOf({ text, parts }: Word): string {
  if (parts === null) return text
  return parts.map((part) => (part.kind === 'text' || part.text === 'srctree' ? sourceText(part) : '*')).join('')
}

function sourceText(part: NonNullable<Word['parts']>[number]): string {
  return part.kind === 'text' ? part.text : `$(${part.text})`
}

/** The names that some architecture's configuration defines; null where a part of the tree is missing, so that it is not known. */
export const namesOfWholeKernel: (whole: WholeKconfig) => ReadonlySet<string> | null = oncePer(
  ({ files, unresolved }) =>
    unresolved.length > 0 || !files.has('init/Kconfig') ? null : new Set([...files.values()].flatMap(definedNames)),
)
