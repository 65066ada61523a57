import { sourceOf } from '../kbuild/built-objects.ts'
import type { Span } from '../text/span.ts'
import type { Tree } from '../text/tree.ts'
import { assertNever } from '../text/assert-never.ts'
import type { Thing } from './language-place.ts'

/** Where a thing is defined: statements of Kconfig and make, the source of an object, the makefile of a directory. */
export function definitionsOf(thing: Thing, tree: Tree): readonly Span[] {
  switch (thing.kind) {
    case 'symbol':
      return thing.symbol.definitions.map(({ at }) => at)
    case 'object': {
      const source = sourceOf(tree, thing.path)
      if (source !== null) return [{ file: source, start: 0, end: 0 }]
      const composite = thing.at.directory.lists.composites.get(thing.word)
      return composite === undefined
        ? []
        : onePerPlace([...composite.builtinParts, ...composite.moduleParts].map(({ origin }) => origin))
    }
    case 'directory': {
      const found = thing.at.model.directories.get(thing.path.replace(/\/$/, ''))
      return found === undefined ? [] : [{ file: found.makefile, start: 0, end: 0 }]
    }
    case 'variable':
      return onePerPlace(
        thing.at.directory.evaluation.settings
          .filter(({ name }) => thing.names.includes(name))
          .map(({ nameSpan }) => nameSpan),
      )
    default:
      return assertNever(thing)
  }
}

function onePerPlace(spans: readonly Span[]): readonly Span[] {
  return [...new Map(spans.map((span) => [`${span.file}:${span.start}`, span])).values()]
}
