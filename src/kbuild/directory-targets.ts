/**
 * What `$(targets)` holds when scripts/Makefile.build has read a directory: the files whose saved commands (`.foo.o.cmd`) are
 * read, so that `if_changed` can tell whether the command is the same (Documentation/kbuild/makefiles.rst, "Command change
 * detection").
 */
import { always, never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Word } from '../make/guarded-words.ts'
import { matchPattern, parsePattern } from '../make/pattern.ts'
import { deviceTreesOf } from './device-trees.ts'
import { withoutDot } from './directory-rules.ts'
import type { Composite, UnknownList } from './directory-lists.ts'
import { anyOf } from './guarded-list.ts'
import type { Directory, KernelModel } from './kernel-model.ts'
import { programsOf } from './programs.ts'
import type { RecipeDescent } from './recipe-descents.ts'
import type { ScriptRules } from './script-rules.ts'

/** The files of `$(targets)`. */
export type DirectoryTargets = {
  /** By name from the top of the tree, as rules name them: where it is a word of `$(targets)`. */
  readonly held: ReadonlyMap<string, Cond>
  /** Lists that are part of it and not known in full. */
  readonly unknown: readonly UnknownList[]
}

type Collector = { readonly conditions: Conditions; readonly held: Map<string, Cond>; readonly prefix: string }

/**
 * The targets of a directory. `scripts` is `readScriptRules(model)`; goals of who enters the directory, which count as well
 * (`$(filter-out $(single-subdir-goals), $(MAKECMDGOALS))`), are to be added by the caller.
 */
export function targetsOf(model: KernelModel, directory: Directory, scripts: ScriptRules): DirectoryTargets {
  const { conditions } = model
  const { lists, path, evaluation } = directory
  const collector = { conditions, held: new Map<string, Cond>(), prefix: path === '.' ? '' : `${path}/` }
  const unknown: UnknownList[] = [...lists.unknown]
  const read = (list: string): readonly Word[] => {
    const answer = evaluation.words(list)
    unknown.push(...answer.unknown.map((each) => ({ ...each, list })))
    return answer.words
  }
  const named = [read('targets'), lists.extra, lists.always, lists.library]
  for (const word of named.flat()) add(collector, word.text, word.when)
  addArchives(collector, directory, [...lists.library, ...read('lib-')])
  addObjects(collector, directory, scripts.moduleEndings)
  const hosts = programsOf(model, directory, 'host')
  const users = programsOf(model, directory, 'user')
  for (const program of [...hosts, ...users]) {
    for (const word of [program.word, ...program.parts]) add(collector, word.text, word.when)
  }
  for (const { parts } of deviceTreesOf(model, directory)) {
    for (const part of parts) add(collector, part.text, part.when)
  }
  addIntermediates(collector, scripts, anyOf(conditions, lists.hostPrograms))
  return { held: collector.held, unknown }
}

function add({ conditions, held, prefix }: Collector, word: string, when: Cond): void {
  if (when === never) return
  const name = withoutDot(prefix + word)
  held.set(name, conditions.or(held.get(name) ?? never, when))
}

/** `targets-for-builtin` and `targets-for-modules`, without the objects. */
function addArchives(collector: Collector, { needBuiltin, needModorder }: Directory, library: readonly Word[]): void {
  add(collector, 'lib.a', anyOf(collector.conditions, library))
  add(collector, 'built-in.a', needBuiltin)
  add(collector, 'modules.order', needModorder)
}

/** `real-obj-y`, `real-obj-m`, and the modules of `obj-m`; directories are no targets of their own. */
function addObjects(collector: Collector, { lists }: Directory, endings: ScriptRules['moduleEndings']): void {
  for (const { text, when } of lists.module) {
    if (!text.endsWith('.o')) continue
    for (const each of endings()) {
      add(collector, text.slice(0, -2) + each.ending, collector.conditions.and(when, each.when))
    }
  }
  for (const word of lists.builtin) addParts(collector, word, partsIn(lists.composites.get(word.text), 'builtin'))
  for (const word of lists.module) addParts(collector, word, partsIn(lists.composites.get(word.text), 'module'))
}

type Parts = { readonly isComposite: Cond; readonly words: readonly Word[] }

function partsIn(composite: Composite | undefined, place: 'builtin' | 'module'): Parts {
  if (composite === undefined) return { isComposite: never, words: [] }
  return place === 'builtin'
    ? { isComposite: composite.inBuiltin, words: composite.builtinParts }
    : { isComposite: composite.inModule, words: composite.moduleParts }
}

/** `real-search`: the parts of a composite, the word itself elsewhere. */
function addParts(collector: Collector, { text, when }: Word, { isComposite, words }: Parts): void {
  if (text.endsWith('/')) return
  const { conditions } = collector
  add(collector, text, conditions.without(when, isComposite))
  for (const part of words) add(collector, part.text, conditions.and(part.when, when))
}

/** `targets += $(call intermediate_targets, .asn1.o, .asn1.c .asn1.h)`; those of scripts/Makefile.host where that is included. */
function addIntermediates(collector: Collector, { intermediates }: ScriptRules, hasHostPrograms: Cond): void {
  const { held, conditions } = collector
  for (const { ending, from, file } of intermediates) {
    const included = file === 'scripts/Makefile.host' ? hasHostPrograms : always
    for (const [name, when] of [...held]) {
      if (!name.endsWith(ending)) continue
      const stem = name.slice(0, -ending.length)
      for (const made of from) add({ ...collector, prefix: '' }, stem + made, conditions.and(when, included))
    }
  }
}

/**
 * With what the recipes that enter the directory ask for: `targets += $(filter-out $(single-subdir-goals), $(MAKECMDGOALS))`. A
 * goal counts where the recipe asks for it, as another make may enter the directory without.
 */
export function withGoals(
  conditions: Conditions,
  { held, unknown }: DirectoryTargets,
  descents: readonly RecipeDescent[],
): DirectoryTargets {
  const all = new Map(held)
  const goals = descents.filter(({ script }) => script === 'scripts/Makefile.build').flatMap((each) => each.goals)
  for (const { text, when } of goals) all.set(text, conditions.or(all.get(text) ?? never, when))
  return { held: all, unknown }
}

/** Where a target of a rule is a word of `$(targets)`; for a pattern, where any that matches is. */
export function heldCond(conditions: Conditions, { held }: DirectoryTargets, name: string): Cond {
  const pattern = parsePattern(name)
  if (pattern.suffix === null) return held.get(name) ?? never
  const matching = [...held].filter(([each]) => (matchPattern(pattern, each) ?? '') !== '')
  return anyOf(
    conditions,
    matching.map(([, when]) => ({ when })),
  )
}
