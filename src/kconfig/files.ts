import { oncePer } from '../text/once-per.ts'
import type { Tree } from '../text/tree.ts'
import { parseKconfig } from './parse.ts'
import type { KconfigFile } from './syntax.ts'

/** Where the syntax trees of Kconfig files come from. */
export type KconfigFiles = {
  /** That of the file at a path; null where the tree has none. */
  readonly file: (tree: Tree, path: string) => KconfigFile | null
  /** Says which files of a tree will be asked for. */
  readonly prefetch: (tree: Tree, paths: readonly string[]) => void
}

/** Reads and parses a file each time that it is asked for. */
export function parseEach(parse: (text: string) => KconfigFile = parseKconfig): KconfigFiles {
  return {
    file: (tree, path) => {
      const text = tree.read(path)
      return text === null ? null : parse(text)
    },
    prefetch: (tree, paths) => {
      tree.prefetch(paths)
    },
  }
}

/** The files that a file reads by names without macros, from the top of the tree. */
export const plainSources: (file: KconfigFile) => readonly string[] = oncePer(({ statements }) =>
  statements.flatMap((statement) => {
    const isPlain = statement.kind === 'source' && !statement.relative && statement.path.parts === null
    return isPlain ? [statement.path.text] : []
  }),
)
