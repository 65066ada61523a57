/** Every object that a kernel builds, where it lands and when: what rules and people ask of a model. */
import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Word } from '../make/guarded-words.ts'
import type { Span } from '../text/span.ts'
import { hasFile } from '../text/entry-kind.ts'
import { oncePer } from '../text/once-per.ts'
import type { Tree } from '../text/tree.ts'
import type { Directory, KernelModel } from './kernel-model.ts'
import { normalise } from './parsed-files.ts'

/** What an object becomes a part of: vmlinux by way of built-in.a, a module of its own name, or a lib.a. */
export type Place =
  | { readonly kind: 'builtin' }
  /** `path` is that of the module without `.ko`. */
  | { readonly kind: 'module'; readonly path: string }
  | { readonly kind: 'library'; readonly path: string }

/** An object in one of its places: the condition is there once for each. */
export type BuiltObject = {
  /** From the top of the tree: `drivers/tty/serial/8250/8250_core.o`. */
  readonly path: string
  /** The directory whose makefile lists it. */
  readonly directory: string
  readonly place: Place
  /** The object that it is linked into before that, `drivers/tty/serial/8250/8250.o`; null for one that stands for itself. */
  readonly composite: string | null
  /** When it is built: what its makefile says and what leads to the makefile. */
  readonly when: Cond
  /** What its makefile says. */
  readonly own: Cond
  /** The words that list it, and its composite: most telling first. */
  readonly origins: readonly Span[]
}

/** The objects of a model by path, in the order in which make comes to them. Objects that are never built are left out. */
export function builtObjects(model: KernelModel): ReadonlyMap<string, readonly BuiltObject[]> {
  const objects = new Map<string, BuiltObject[]>()
  for (const directory of model.directories.values()) {
    for (const object of objectsOf(model.conditions, directory)) {
      const known = objects.get(object.path)
      if (known === undefined) objects.set(object.path, [object])
      else known.push(object)
    }
  }
  return objects
}

/** The objects that one directory lists, each place once. */
export function objectsOf(conditions: Conditions, directory: Directory): readonly BuiltObject[] {
  return listedObjects(directory)(conditions)
}

const listedObjects = oncePer((directory: Directory) =>
  oncePer((conditions: Conditions) => collectObjects(conditions, directory)),
)

function collectObjects(conditions: Conditions, directory: Directory): readonly BuiltObject[] {
  const { lists, when, needBuiltin, needModorder } = directory
  const collector = createCollector(conditions, directory)
  for (const word of lists.builtin) {
    if (word.text.endsWith('/')) continue
    collector.add(word, { reached: needBuiltin, place: { kind: 'builtin' } })
  }
  for (const word of lists.module) {
    if (word.text.endsWith('/')) continue
    const path = pathIn(directory, word.text).replace(/\.o$/, '')
    collector.add(word, { reached: needModorder, place: { kind: 'module', path } })
  }
  const library = pathIn(directory, 'lib.a')
  for (const word of lists.library) collector.add(word, { reached: when, place: { kind: 'library', path: library } })
  return collector.objects()
}

/** The path of a word of a directory, from the top of the tree. */
export function pathIn({ path }: Pick<Directory, 'path'>, word: string): string {
  return normalise(path === '.' ? word : `${path}/${word}`)
}

type Entry = { readonly reached: Cond; readonly place: Place }
type Listed = Entry & { readonly composite: string | null; readonly own: Cond; readonly origins: readonly Span[] }

function createCollector(conditions: Conditions, directory: Directory) {
  const found = new Map<string, BuiltObject>()
  const put = (text: string, { reached, place, composite, own, origins }: Listed): void => {
    const when = conditions.and(own, reached)
    if (when === never) return
    const path = pathIn(directory, text)
    const key = `${path} ${place.kind} ${place.kind === 'builtin' ? '' : place.path} ${composite ?? ''}`
    const known = found.get(key)
    if (known === undefined) {
      found.set(key, { path, directory: directory.path, place, composite, when, own, origins })
      return
    }
    found.set(key, {
      ...known,
      when: conditions.or(known.when, when),
      own: conditions.or(known.own, own),
      origins: mergeSpans(known.origins, origins),
    })
  }
  const add = (word: Word, entry: Entry): void => {
    const composite = entry.place.kind === 'library' ? undefined : directory.lists.composites.get(word.text)
    if (composite === undefined) {
      put(word.text, { ...entry, composite: null, own: word.when, origins: [word.origin] })
      return
    }
    const inModule = entry.place.kind === 'module'
    const alone = conditions.without(word.when, inModule ? composite.inModule : composite.inBuiltin)
    put(word.text, { ...entry, composite: null, own: alone, origins: [word.origin] })
    const linked = pathIn(directory, word.text)
    for (const part of inModule ? composite.moduleParts : composite.builtinParts) {
      const own = conditions.and(part.when, word.when)
      put(part.text, { ...entry, composite: linked, own, origins: [part.origin, word.origin] })
    }
  }
  return { add, objects: () => [...found.values()] }
}

function mergeSpans(left: readonly Span[], right: readonly Span[]): readonly Span[] {
  const isKnown = (span: Span): boolean => left.some((each) => each.file === span.file && each.start === span.start)
  return [...left, ...right.filter((span) => !isKnown(span))]
}

/** Endings of what Kbuild has a rule for, in the order in which make finds them in scripts/Makefile.build. */
const sourceEndings = ['.c', '.S', '.rs']

/** The source in the tree that an object is made from; null where there is none, as for what is generated. */
export function sourceOf(tree: Tree, object: string): string | null {
  if (!object.endsWith('.o')) return null
  const stem = object.slice(0, -2)
  const has = hasFile(tree)
  const ending = sourceEndings.find((each) => has(stem + each))
  return ending === undefined ? null : stem + ending
}

/** The object that Kbuild makes from a source; null for what it has no rule for. */
export function objectFrom(source: string): string | null {
  const ending = sourceEndings.find((each) => source.endsWith(each))
  return ending === undefined ? null : `${source.slice(0, -ending.length)}.o`
}
