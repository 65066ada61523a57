import { printCond } from '../cond/print.ts'
import type { Cond } from '../cond/conditions.ts'
import { indexLines, offsetToPosition } from '../text/line-index.ts'
import type { LineIndex } from '../text/line-index.ts'
import type { Span } from '../text/span.ts'
import type { Tree } from '../text/tree.ts'
import type { BuiltObject } from './built-objects.ts'
import type { KernelModel } from './kernel-model.ts'

/** An object with all its places. */
export type ObjectLine = {
  readonly path: string
  /** When it is built at all, as people read it. */
  readonly when: string
  /** `built-in`, `8250.ko`, `8250.ko or built-in`, `lib.a`. */
  readonly place: string
  /** The lines that decide, `FILE:LINE`, most telling first. */
  readonly origins: readonly string[]
}

/** Objects as lines of a listing: all places of one object in one line. */
export function objectLines(model: KernelModel, objects: readonly (readonly BuiltObject[])[]): readonly ObjectLine[] {
  const { conditions } = model
  const locate = createLocator(model.tree)
  return objects.flatMap((places) => {
    const [first] = places
    if (first === undefined) return []
    const when = places.reduce<Cond>((sum, place) => conditions.or(sum, place.when), first.when)
    const origins = [...new Set(places.flatMap((place) => place.origins.map(locate)))]
    return [{ path: first.path, when: printCond(conditions, when), place: placeText(places), origins }]
  })
}

/** `path  condition  place  file:line`, in columns as wide as their usual content. */
export function printObjectLines(lines: readonly ObjectLine[]): string {
  const width = (texts: readonly string[], most: number): number =>
    Math.max(0, ...texts.map(({ length }) => length).filter((length) => length <= most))
  const columns = [
    width(
      lines.map(({ path }) => path),
      60,
    ),
    width(
      lines.map(({ when }) => when),
      50,
    ),
    width(
      lines.map(({ place }) => place),
      40,
    ),
  ]
  return lines
    .map(({ path, when, place, origins }) => {
      const cells = [path, when, place].map((text, index) => text.padEnd(columns[index] ?? 0))
      return `${cells.join('  ')}  ${origins[0] ?? ''}\n`
    })
    .join('')
}

/** Where objects land: modules by name, then built-in and archives. */
function placeText(places: readonly BuiltObject[]): string {
  const names = places.map(({ place }) => {
    if (place.kind === 'builtin') return 'built-in'
    return place.kind === 'library' ? 'lib.a' : `${place.path.slice(place.path.lastIndexOf('/') + 1)}.ko`
  })
  return [...new Set(names)].sort(compareModulesFirst).join(' or ')
}

function compareModulesFirst(left: string, right: string): number {
  const rank = (text: string): string => (text.endsWith('.ko') ? `0${text}` : `1${text}`)
  return rank(left) < rank(right) ? -1 : 1
}

/** Turns spans into `FILE:LINE`, reading each file once. */
export function createLocator(tree: Tree): (span: Span) => string {
  const indexes = new Map<string, LineIndex>()
  return ({ file, start }) => {
    let index = indexes.get(file)
    if (index === undefined) {
      index = indexLines(tree.read(file) ?? '')
      indexes.set(file, index)
    }
    return `${file}:${offsetToPosition(index, start).line}`
  }
}
