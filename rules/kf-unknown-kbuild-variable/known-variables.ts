import { filesOf } from '../../src/kbuild/include-closure.ts'
import { normalise } from '../../src/kbuild/parsed-files.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import type { TreeContext } from '../../src/review/rule.ts'
import { once } from '../../src/text/once.ts'
import { oncePer } from '../../src/text/once-per.ts'
import { namedFiles } from './named-files.ts'
import { fitsName, readNames, type ComputedName, type ReadNames } from './read-names.ts'

/** What becomes of a variable that a directory's makefile sets. */
export type Use =
  | { readonly kind: 'read'; readonly by: 'scripts' | 'makefile' }
  /** `CFLAGS_core.o`: asked for when that file is made, and nothing makes it here. */
  | { readonly kind: 'no file'; readonly stem: string }
  /** `core-objs`: asked for where a list has `core.o`, and none has. */
  | { readonly kind: 'no object'; readonly object: string }
  | { readonly kind: 'unread' }

export type KnownVariables = {
  readonly useOf: (name: string) => Use
  /** Why something may be read that is not seen; null where all is seen. */
  readonly doubt: () => string | null
}

/** Who reads what in a directory: its makefile with what that includes, and the tree's scripts. */
export function knownVariables(
  { directory }: KbuildDirectory,
  scripts: ReadNames,
  open: TreeContext['makefile'],
): KnownVariables {
  const { makefile, evaluation } = directory
  const files = filesOf(makefile, evaluation)
  // Most makefiles set nothing but what the scripts read by name.
  const syntaxes = once(() =>
    files.flatMap(({ path, there }) => (there === 'read' ? (open(normalise(path))?.syntax ?? []) : [])),
  )
  const own = once(() => readNames(syntaxes()))
  const exported = once(() => new Set(evaluation.exports.flatMap(({ names }) => (names ?? []).map(({ text }) => text))))
  const named = once(() => namedFiles(directory, syntaxes()))

  const useOf = (name: string): Use => {
    if (scripts.literal.has(name)) return { kind: 'read', by: 'scripts' }
    if (own().literal.has(name) || exported().has(name) || isOfMake(name)) return { kind: 'read', by: 'makefile' }
    if (own().computed.some((each) => fitsName(each, name))) return { kind: 'read', by: 'makefile' }
    const asked = scripts.computed.filter((each) => !isPartList(each) && fitsName(each, name))
    const [target, ...others] = asked.map((each) => targetOf(each, name))
    if (target === null || others.includes(null)) return { kind: 'read', by: 'scripts' }
    const stems = partEndings(scripts)
      .filter((ending) => name.length > ending.length && name.endsWith(ending))
      .map((ending) => name.slice(0, -ending.length))
    if (stems.some((stem) => named().hasStem(stem, 'whole'))) return { kind: 'read', by: 'scripts' }
    if (target !== undefined)
      return named().hasStem(target.stem, target.by)
        ? { kind: 'read', by: 'scripts' }
        : { kind: 'no file', stem: target.stem }
    const [stem] = stems
    if (stem === undefined) return { kind: 'unread' }
    return { kind: 'no object', object: stem + (name.endsWith('-dtbs') ? '.dtb' : '.o') }
  }
  const doubt = (): string | null => {
    if (own().isOpen) return 'the makefile reads variables whose names are computed'
    const missing = files.find(({ there, optional }) => there !== 'read' && !optional)
    if (missing !== undefined) return `it is not known what ${missing.path} reads`
    return named().doubt
  }
  return { useOf, doubt }
}

/** What follows the name of an object in that of a list of its parts. */
const partEndings = oncePer(({ partLists, computed }: ReadNames) => [
  ...partLists,
  ...computed.filter(isPartList).map(({ suffix }) => suffix),
  '-',
])

/** `$(m)-objs` of scripts/Makefile.host: asked for with the names that a list has. */
function isPartList({ prefix, middle, suffix }: ComputedName): boolean {
  return prefix === '' && middle.length === 0 && suffix.startsWith('-')
}

/** Variables that mean something to make itself (GNU make manual, appendix A). */
function isOfMake(name: string): boolean {
  return /^(?:\.|MAKE|GNUMAKEFLAGS$|SHELL$|VPATH$|GPATH$|SUFFIXES$|CURDIR$)/.test(name)
}

/** The file that a name is about: by its path from `$(obj)`, or in older kernels by its last part alone. Null for a name about something else. */
function targetOf(
  { prefix, inner, suffix }: ComputedName,
  name: string,
): { readonly stem: string; readonly by: 'whole' | 'base' } | null {
  if (!/^\$[({](?:target-stem|basetarget|@F|\*F)[)}]$/.test(inner)) return null
  return {
    stem: name.slice(prefix.length, name.length - suffix.length),
    by: inner.includes('target-stem') ? 'whole' : 'base',
  }
}
