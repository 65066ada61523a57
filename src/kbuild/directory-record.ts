/** What one directory comes to in one configuration, in the words of scripts/Makefile.lib. */
import { always, never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Word } from '../make/guarded-words.ts'
import type { BuildScripts } from './build-scripts.ts'
import type { Directory, KernelModel } from './kernel-model.ts'

/** The variables of a directory, as GNU make has them after scripts/Makefile.lib: sets, sorted. */
export const recordedLists = [
  'real-obj-y',
  'real-obj-m',
  'multi-obj-ym',
  'obj-m',
  'lib-y',
  'always-y',
  'extra-y',
  'subdir-ym',
  'hostprogs',
] as const
export type RecordedList = (typeof recordedLists)[number]

export type DirectoryRecord = { readonly dir: string } & Readonly<Record<RecordedList, readonly string[]>> & {
    /** What could not be evaluated: the list, and why. */
    readonly unknown: readonly string[]
  }

/** The records of a model of one configuration, a directory each, in the order of the first visit. */
export function directoryRecords(model: KernelModel): readonly DirectoryRecord[] {
  return [...model.directories.values()]
    .filter(({ when }) => when !== never)
    .map((directory) => recordOf(model, directory))
}

function recordOf({ conditions, scripts }: KernelModel, directory: Directory): DirectoryRecord {
  const { lists, path } = directory
  const builtin = lists.builtin.map((word) => builtArchive(conditions, word, directory.needBuiltin))
  const module = moduleOrder(conditions, directory)
  const words: Record<RecordedList, readonly Word[]> = {
    'real-obj-y': builtin.flatMap((word) => partsOf(conditions, directory, { word, inModule: false })),
    'real-obj-m': module.flatMap((word) => partsOf(conditions, directory, { word, inModule: true })),
    'multi-obj-ym': [
      ...builtin.flatMap((word) => whereComposite(conditions, directory, { word, inModule: false })),
      ...module.flatMap((word) => whereComposite(conditions, directory, { word, inModule: true })),
    ],
    'obj-m': module,
    'lib-y': lists.library,
    'always-y': lists.always,
    'extra-y': lists.extra,
    'subdir-ym': lists.subdirectories,
    hostprogs: lists.hostPrograms,
  }
  const named = (name: RecordedList): readonly string[] => namesOf(words[name], prefixOf(scripts, name, path))
  const doubts = recordedLists.flatMap((name) =>
    words[name].filter(({ when }) => when !== always && when !== never).map(({ text }) => `${name}: \`${text}\``),
  )
  const unknown = lists.unknown
    .filter(({ when }) => when !== never)
    .map(({ list, unknown: { key, reason } }) => `${list}: \`${key}\`: ${reason}`)
  return {
    dir: path,
    'real-obj-y': named('real-obj-y'),
    'real-obj-m': named('real-obj-m'),
    'multi-obj-ym': named('multi-obj-ym'),
    'obj-m': named('obj-m'),
    'lib-y': named('lib-y'),
    'always-y': named('always-y'),
    'extra-y': named('extra-y'),
    'subdir-ym': named('subdir-ym'),
    hostprogs: named('hostprogs'),
    unknown: [...new Set([...unknown, ...doubts])].sort(),
  }
}

/** What the scripts put before the words of a list; nothing at the top. */
function prefixOf({ prefixed }: BuildScripts, list: RecordedList, path: string): string {
  return path !== '.' && prefixed.has(list) ? `${path}/` : ''
}

function namesOf(words: readonly Word[], prefix: string): readonly string[] {
  const present = words.filter(({ when }) => when === always)
  return [...new Set(present.map(({ text }) => prefix + text))].sort()
}

/** `obj-y := $(patsubst %/,%/built-in.a,$(obj-y))` where need-builtin is set; else directories are dropped. */
function builtArchive(conditions: Conditions, word: Word, needed: Cond): Word {
  if (!word.text.endsWith('/')) return word
  return { ...word, text: `${word.text}built-in.a`, when: conditions.and(word.when, needed) }
}

/** `obj-m := $(patsubst %/,%/modules.order,$(filter %/,$(obj-y)) $(obj-m))` where need-modorder is set; else without directories. */
function moduleOrder(conditions: Conditions, { lists, needModorder }: Directory): readonly Word[] {
  const order = (word: Word): Word => ({
    ...word,
    text: `${word.text}modules.order`,
    when: conditions.and(word.when, needModorder),
  })
  const fromBuiltin = lists.builtin.filter(({ text }) => text.endsWith('/')).map(order)
  return [...fromBuiltin, ...lists.module.map((word) => (word.text.endsWith('/') ? order(word) : word))]
}

type Asked = { readonly word: Word; readonly inModule: boolean }

/** `multi-search`: the word where it is composite. */
function whereComposite(conditions: Conditions, { lists }: Directory, { word, inModule }: Asked): readonly Word[] {
  const composite = lists.composites.get(word.text)
  if (composite === undefined) return []
  const when = conditions.and(word.when, inModule ? composite.inModule : composite.inBuiltin)
  return when === never ? [] : [{ ...word, when }]
}

/** `real-search`: the parts of a composite, the word itself elsewhere. */
function partsOf(conditions: Conditions, { lists }: Directory, { word, inModule }: Asked): readonly Word[] {
  const composite = lists.composites.get(word.text)
  if (composite === undefined) return [word]
  const parts = inModule ? composite.moduleParts : composite.builtinParts
  const alone = conditions.without(word.when, inModule ? composite.inModule : composite.inBuiltin)
  return [{ ...word, when: alone }, ...parts.map((part) => ({ ...part, when: conditions.and(part.when, word.when) }))]
}
