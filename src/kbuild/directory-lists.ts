/**
 * What scripts/Makefile.lib makes of the lists of a makefile, for all configurations at once. Each function names the lines that
 * it follows; kernels from 5.18 on differ in where these lines stand, not in what they do.
 */
import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Evaluation } from '../make/evaluation.ts'
import type { UnknownWords, Word } from '../make/guarded-words.ts'
import { anyOf, whereHeld, withoutHeld, wordsWhen } from './guarded-list.ts'

/** An object that is linked from others: `foo.o` where `foo-objs`, `foo-y`, `foo-m` or `foo-` is not empty. */
export type Composite = {
  /** Where it is composite, when it is built in. */
  readonly inBuiltin: Cond
  /** Where it is composite, when it is a module. */
  readonly inModule: Cond
  /** What it is linked from when it is built in: `foo-objs` and `foo-y`. */
  readonly builtinParts: readonly Word[]
  /** What it is linked from when it is a module: `foo-m` too. */
  readonly moduleParts: readonly Word[]
}

/** Words of a list that are not known. */
export type UnknownList = UnknownWords & { readonly list: string }

/** The lists of one directory, relative to it, before it is known who descends into it. */
export type DirectoryLists = {
  /** `obj-y`; what ends in `/` is a directory. */
  readonly builtin: readonly Word[]
  /** `obj-m` where it is not in `obj-y`. */
  readonly module: readonly Word[]
  /** `lib-y` and `lib-m` where they are not in `obj-y`. */
  readonly library: readonly Word[]
  /** What make descends into, without `/`. */
  readonly subdirectories: readonly Word[]
  readonly always: readonly Word[]
  readonly extra: readonly Word[]
  readonly hostPrograms: readonly Word[]
  readonly userPrograms: readonly Word[]
  /** By the word in `obj-y` or `obj-m`: `8250.o`. */
  readonly composites: ReadonlyMap<string, Composite>
  readonly unknown: readonly UnknownList[]
}

/** Reads a makefile's lists at its end, as scripts/Makefile.lib does. */
export function directoryLists(conditions: Conditions, evaluation: Evaluation): DirectoryLists {
  const reader = createReader(evaluation)
  const { read } = reader
  const builtin = read('obj-y')
  const inBuiltin = whereHeld(conditions, builtin)
  const module = withoutHeld(conditions, read('obj-m'), inBuiltin)
  const library = withoutHeld(conditions, [...read('lib-y'), ...read('lib-m')], inBuiltin)
  const hostAlways = [...read('hostprogs-always-y'), ...read('hostprogs-always-m')]
  const userAlways = [...read('userprogs-always-y'), ...read('userprogs-always-m')]
  const alwaysBuilt = [...read('always-y'), ...read('always-m'), ...hostAlways, ...userAlways]
  return {
    builtin,
    module,
    library,
    subdirectories: subdirectories([...read('subdir-y'), ...read('subdir-m')], [...builtin, ...module]),
    always: [...alwaysBuilt, ...deviceTrees(conditions, reader)],
    extra: read('extra-y'),
    hostPrograms: [...read('hostprogs'), ...hostAlways],
    userPrograms: [...read('userprogs'), ...userAlways],
    composites: composites(conditions, reader, [...builtin, ...module]),
    unknown: reader.unknown,
  }
}

type Reader = {
  readonly read: (list: string) => readonly Word[]
  /** Whether a list that makes an object composite may be set: most objects of a kernel are not. */
  readonly mayBeComposite: (stem: string) => boolean
  readonly unknown: UnknownList[]
}

/** Reads lists, and notes once what is not known of them. */
function createReader(evaluation: Evaluation): Reader {
  const names = new Set(evaluation.names)
  const known = new Map<string, readonly Word[]>()
  const unknown: UnknownList[] = []
  const mayBeSetUnseen = evaluation.unknownEffects.some((effect) => effect.names !== null)
  const read = (list: string): readonly Word[] => {
    if (!names.has(list) && !mayBeSetUnseen) return []
    let words = known.get(list)
    if (words === undefined) {
      const answer = evaluation.words(list)
      words = answer.words.filter((word) => word.when !== never)
      known.set(list, words)
      unknown.push(...answer.unknown.map((each) => ({ ...each, list })))
    }
    return words
  }
  const stems = new Set([...names].flatMap((name) => (name.includes('-') ? stemOf(name) : [])))
  return { read, mayBeComposite: (stem) => mayBeSetUnseen || stems.has(stem), unknown }
}

/** What a list is of: `8250` of `8250-objs`, `8250-y`, `8250-m` and `8250-`. */
const stemOf = (list: string): string => list.slice(0, list.lastIndexOf('-'))

/** `subdir-ym := $(sort $(subdir-y) $(subdir-m) $(patsubst %/,%,$(filter %/,$(obj-y) $(obj-m))))`. */
function subdirectories(named: readonly Word[], objects: readonly Word[]): readonly Word[] {
  const below = objects.flatMap((word) => (word.text.endsWith('/') ? [{ ...word, text: word.text.slice(0, -1) }] : []))
  return [...named, ...below]
}

/** `dtb-y`, and `dtb-` where all device trees are wanted (scripts/Makefile.dtbs, or Makefile.lib before 6.12). */
function deviceTrees(conditions: Conditions, { read }: Reader): readonly Word[] {
  const all = conditions.symbolIs('OF_ALL_DTBS', 'y')
  return [...read('dtb-y'), ...(all === never ? [] : wordsWhen(conditions, read('dtb-'), all))]
}

/** `suffix-search`, `multi-search` and `real-search` of scripts/Makefile.lib for every object that a list names. */
function composites(conditions: Conditions, reader: Reader, objects: readonly Word[]): ReadonlyMap<string, Composite> {
  const found = new Map<string, Composite>()
  for (const { text } of objects) {
    if (!text.endsWith('.o') || found.has(text)) continue
    const stem = text.slice(0, -2)
    const composite = reader.mayBeComposite(stem) ? compositeOf(conditions, reader, stem) : null
    if (composite !== null) found.set(text, composite)
  }
  return found
}

function compositeOf(conditions: Conditions, { read }: Reader, stem: string): Composite | null {
  const builtinParts = [...read(`${stem}-objs`), ...read(`${stem}-y`)]
  const moduleParts = [...builtinParts, ...read(`${stem}-m`)]
  const disabled = read(`${stem}-`)
  if (moduleParts.length === 0 && disabled.length === 0) return null
  return {
    inBuiltin: anyOf(conditions, [...builtinParts, ...disabled]),
    inModule: anyOf(conditions, [...moduleParts, ...disabled]),
    builtinParts,
    moduleParts,
  }
}
