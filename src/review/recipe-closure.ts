import type { Expr } from '../make/cst.ts'
import { exprWords, textOf } from '../make/expr-text.ts'
import { visitNodes } from '../make/visit.ts'
import { oncePer } from '../text/once-per.ts'
import type { Tree } from '../text/tree.ts'
import { definitionsByName, type Definition } from './recipe-variables.ts'
import type { MakefileView, TreeContext } from './rule.ts'
import { worldOf } from './world.ts'

/** The makefiles that are read in one run of make, as far as their `include` lines tell. */
export type Closure = {
  readonly makefiles: readonly MakefileView[]
  /** Whether all that is included was found: where not, there may be definitions that nobody has seen. */
  readonly isWhole: boolean
}

/** No makefile of the kernel includes a third of as many. */
const maxMakefiles = 200

/** A makefile and those that it includes, at any depth. Paths that hold anything but `srctree`, `src` and `obj` are not found. */
export function includedBy(makefile: MakefileView, open: TreeContext['makefile']): Closure {
  const makefiles = [makefile]
  const seen = new Set([makefile.path])
  let isWhole = true
  const source = directoryOf(makefile.path)
  for (let at = 0; at < makefiles.length; at++) {
    const each = makefiles[at]
    for (const path of each === undefined ? [] : includePaths(each, source)) {
      if (path !== null && isGenerated(path)) continue
      if (path !== null && seen.has(path)) continue
      const found = path === null || makefiles.length >= maxMakefiles ? null : open(path)
      if (found === null) isWhole = false
      else makefiles.push(found)
      if (path !== null) seen.add(path)
    }
  }
  return { makefiles, isWhole }
}

/** The engine: scripts/Kbuild.include, scripts/Makefile.*, which scripts/Makefile.build and its like are made of. */
export function engineOf({ tree, makefile: open }: Pick<TreeContext, 'tree' | 'makefile'>): readonly MakefileView[] {
  return enginePaths(tree).flatMap((path) => open(path) ?? [])
}

const enginePaths = oncePer((tree: Tree) =>
  tree
    .list('scripts')
    .flatMap(({ name, kind }) => (kind === 'file' ? `scripts/${name}` : []))
    .filter((path) => worldOf(path) === 'core'),
)

/** The definitions of a variable in a few makefiles, in their order. */
export function definitionsOf(name: string, makefiles: readonly MakefileView[]): readonly DefinitionIn[] {
  return makefiles.flatMap((makefile) =>
    (definitionsByName(makefile.syntax).get(name) ?? []).map((definition) => ({ makefile, definition })),
  )
}

/** A definition and the makefile that it stands in. */
export type DefinitionIn = { readonly makefile: MakefileView; readonly definition: Definition }

/** The paths of the `include` lines of a makefile; null for each that is not told by what is written. */
function includePaths({ syntax, text }: MakefileView, source: string): readonly (string | null)[] {
  return [...visitNodes(syntax.nodes)].flatMap(({ node }) =>
    node.kind === 'include' ? exprWords(text, node.paths).map((word) => pathOf(word, text, source)) : [],
  )
}

function pathOf(word: Expr, text: string, source: string): string | null {
  const written = textOf(text, word)
    .replaceAll(/\$[({]srctree[)}]\/?/g, '')
    .replaceAll(/\$[({](?:src|obj)[)}]/g, source)
  return written.includes('$') || written.includes('..') ? null : written
}

/** Files that a build makes, which hold the configuration and saved commands: no definitions of commands. */
function isGenerated(path: string): boolean {
  return path.startsWith('include/config/') || path.endsWith('.cmd')
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
