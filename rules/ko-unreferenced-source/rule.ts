import { objectFrom, objectsOf, pathIn } from '../../src/kbuild/built-objects.ts'
import { kbuildDirectories } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'
import { worldOf } from '../../src/review/world.ts'
import type { KernelModel } from '../../src/kbuild/kernel-model.ts'
import { oncePer } from '../../src/text/once-per.ts'
import type { Tree } from '../../src/text/tree.ts'
import { createIncludeSearch } from './include-search.ts'

/**
 * Kbuild compiles what a list names and nothing else (Documentation/kbuild/makefiles.rst, "The kbuild files"): a source that no list
 * names stays in the tree unnoticed.
 *
 * Silent wherever the source could be meant: its name without ending is a word of a makefile of the directory or above it, another
 * file of the directory or of the one above includes it, a list of another directory names it with `..`. Silent below arch/, where
 * names are put together from the architecture, in lib/ itself, whose sources boot code of any directory includes, in directories that
 * make is not sent to, and where a makefile takes whatever files are there.
 */
export default defineRule({
  id: 'ko-unreferenced-source',
  severity: 'warning',
  scope: 'tree',
  absence: true,
  summary: 'A source that no makefile builds and no file includes.',
  since: '0.1.0',
  check(context) {
    const stemsAround = createStems(context.tree)
    const { expect, isIncluded } = createIncludeSearch(context.tree)
    const unbuilt = kbuildDirectories(context).flatMap((found) => {
      const { path } = found.directory
      if (!found.reached || path.startsWith('arch/') || path === 'lib') return []
      return { found, sources: unbuiltSources(found, context, stemsAround) }
    })
    expect(unbuilt.flatMap(({ sources }) => sources))
    for (const { found, sources } of unbuilt) {
      for (const source of sources.filter((each) => !isIncluded(each))) {
        const object = objectFrom(source) ?? source
        context.report({
          at: { file: source, start: 0, end: 0 },
          subject: source,
          message: `nothing builds ${source}: no makefile names \`${nameOf(object)}\`, and no file beside it includes it`,
          related: [
            { at: { file: found.directory.makefile, start: 0, end: 0 }, message: 'the makefile of the directory' },
          ],
        })
      }
    }
  },
})

/** A list that is made of what files there are. */
const takesAll = /\$[({]wildcard\b|\$[({]shell\b/

/** The sources of a directory that no list builds. */
function unbuiltSources(
  { directory, model }: KbuildDirectory,
  { tree }: TreeContext,
  stemsAround: StemsAround,
): readonly string[] {
  const top = directory.path === '.' ? '' : `${directory.path}/`
  const sources = tree
    .list(top.slice(0, -1))
    .flatMap(({ name, kind }) => (kind === 'file' && /\.(?:c|S|rs)$/.test(name) ? [top + name] : []))
  if (sources.length === 0) return []
  if (takesAll.test(tree.read(directory.makefile) ?? '') || directory.lists.unknown.length > 0) return []
  const words = stemsAround(directory.path)
  const unnamed = sources.filter((source) => !words.some((each) => each.has(stemOf(nameOf(source)))))
  if (unnamed.length === 0) return []
  const built = new Set([
    ...objectsOf(model.conditions, directory).map(({ path }) => stemOf(path)),
    ...objectsFromAbove(model),
  ])
  return unnamed.filter((source) => !built.has(stemOf(source)))
}

/** The words of the makefiles of a directory and of those above it, without their endings: the top has `kernel/bounds.s`. */
type StemsAround = (directory: string) => readonly ReadonlySet<string>[]

function createStems(tree: Tree): StemsAround {
  const known = new Map<string, ReadonlySet<string>>()
  const stemsIn = (directory: string): ReadonlySet<string> => {
    const above = directory === '' ? '' : `${directory}/`
    const names = tree.list(directory).flatMap(({ name }) => (worldOf(above + name) === null ? [] : [name]))
    const texts = names.flatMap((name) => tree.read(above + name) ?? [])
    return new Set(texts.flatMap((text) => text.split(/[^\w.+-]+/).map(stemOf)))
  }
  return (path) => {
    const directories = path.split('/').map((_, at, parts) => parts.slice(0, at + 1).join('/'))
    return ['', ...directories].map((directory) => {
      const stems = known.get(directory) ?? stemsIn(directory)
      known.set(directory, stems)
      return stems
    })
  }
}

/** Objects that other directories list with `..`, without their ending. */
const objectsFromAbove: (model: KernelModel) => readonly string[] = oncePer(({ directories }) =>
  [...directories.values()].flatMap((directory) => {
    const { builtin, module, library, composites } = directory.lists
    const parts = [...composites.values()].flatMap(({ moduleParts }) => moduleParts)
    const words = [...builtin, ...module, ...library, ...parts]
    return words.filter(({ text }) => text.includes('..')).map(({ text }) => stemOf(pathIn(directory, text)))
  }),
)

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** A name without the ending that says what is made of it. */
function stemOf(name: string): string {
  return name.replace(/\.(?:o|c|S|rs|s|i|bc|ko)$/, '')
}
