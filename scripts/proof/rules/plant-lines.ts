import { pick, shuffled, type Kernel, type Plant } from './plant.ts'

/** What stands at a line that a pattern fits. */
export type Place = {
  readonly path: string
  readonly text: string
  readonly lines: readonly string[]
  /** From 0. */
  readonly index: number
  readonly match: RegExpExecArray
}

/** The file's text with one of its lines replaced; null takes it out. */
export function withLine({ lines, index }: Place, line: string | null): string {
  return lines.flatMap((each, at) => (at !== index ? [each] : line === null ? [] : [line])).join('\n')
}

export type LinePlants = {
  readonly paths: readonly string[]
  readonly pattern: RegExp
  /** Whether the defect would be one at such a place; at any where it is not given. */
  readonly fits?: (place: Place) => boolean
  /** The text with the defect; null where there is no way to plant it there. */
  readonly edit: (place: Place) => string | null
  /** Which lines are looked at: `alone` those that nothing continues and that stand in no recipe and no `define`. */
  readonly among?: 'alone' | 'all'
}

/** A defect for each of the files, at a line of it that a pattern fits. */
export function* plantInLines({ tree, random }: Kernel, how: LinePlants): Iterable<Plant> {
  for (const path of shuffled(how.paths, random)) {
    const text = tree.read(path)
    if (text === null || text.length > largest) continue
    const places = placesOf({ path, text }, how).filter((place) => how.fits?.(place) ?? true)
    const place = pick(places, random)
    if (place === undefined) continue
    const edited = how.edit(place)
    if (edited === null || edited === text) continue
    yield { at: [path], describe: `${place.index + 1}: ${place.match[0].trim()}`, edits: [{ path, text: edited }] }
  }
}

/** Characters of a build file; the largest of Linux 6.12 has 110,000 (arch/x86/Kconfig). */
const largest = 150_000

function placesOf({ path, text }: Pick<Place, 'path' | 'text'>, { pattern, among = 'alone' }: LinePlants): Place[] {
  const lines = text.split('\n')
  const numbers = among === 'all' ? lines.keys() : plainLines(lines)
  return [...numbers].flatMap((index) => {
    const match = pattern.exec(lines[index] ?? '')
    return match === null ? [] : [{ path, text, lines, index, match }]
  })
}

/** The lines of a makefile that stand by themselves: not continued, in no recipe, not within `define`. */
function plainLines(lines: readonly string[]): readonly number[] {
  const found: number[] = []
  let isDefine = false
  for (const [index, line] of lines.entries()) {
    if (/^\s*(?:override\s+|export\s+)*define\b/.test(line)) isDefine = true
    const before = lines[index - 1] ?? ''
    if (!isDefine && !before.endsWith('\\') && !line.endsWith('\\') && !line.startsWith('\t')) found.push(index)
    if (/^\s*endef\b/.test(line)) isDefine = false
  }
  return found
}

/** The rule that a line begins: its recipe lines, with those that continue them. */
export function recipeBelow({ lines, index }: Pick<Place, 'lines' | 'index'>): readonly string[] {
  const recipe: string[] = []
  for (const line of lines.slice(index + 1)) {
    if (!line.startsWith('\t') && recipe.at(-1)?.endsWith('\\') !== true) break
    recipe.push(line)
  }
  return recipe
}
