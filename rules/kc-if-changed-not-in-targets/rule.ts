import { never, type Cond, type Conditions } from '../../src/cond/conditions.ts'
import { usesOf, type CommandUse, type UsedTarget } from '../../src/kbuild/directory-commands.ts'
import { rulesOf } from '../../src/kbuild/directory-rules.ts'
import { targetsOf, type DirectoryTargets } from '../../src/kbuild/directory-targets.ts'

import { normalise } from '../../src/kbuild/parsed-files.ts'
import { readScriptRules } from '../../src/kbuild/script-rules.ts'
import type { Report } from '../../src/review/finding.ts'
import { kbuildDirectories, whenHolds } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'
import type { Span } from '../../src/text/span.ts'
import { neededFiles, patternFor, type Search } from './needed-files.ts'

/**
 * scripts/Makefile.build reads back the saved commands of what is in `targets` (`-include $(foreach f,$(existing-targets),...)`),
 * into which it also puts what obj-y, lib-y, extra-y, always-y, hostprogs and their like hold. Without a saved command `if_changed`
 * takes each command for a new one.
 *
 * make adds the goals that a directory is entered with, which no makefile of the directory shows. So a file is only told that
 * something in `targets` is made from, under a condition that holds together with that of the other: that one is the goal, or what the
 * goal needs. Paths with `../` are the file that they lead to. Unsure where a part of `targets` is not known; silent on files of other
 * directories, which are goals throughout, and on makefiles that scripts/Makefile.build does not read.
 */
export default defineRule({
  id: 'kc-if-changed-not-in-targets',
  severity: 'error',
  scope: 'tree',
  summary: 'A file made by `if_changed` is not in `targets`, so that its last command is not known.',
  since: '0.1.0',
  check(context) {
    for (const found of kbuildDirectories(context)) {
      const { model, directory } = found
      if (!directory.evaluation.rules.some(({ recipe }) => recipe.some(({ text }) => text.includes('if_changed'))))
        continue
      checkDirectory(found, targetsOf(model, directory, readScriptRules(model)), context)
    }
  },
})

const watching: ReadonlySet<string> = new Set(['if_changed', 'if_changed_dep', 'if_changed_rule'])

/** A file that a rule makes, that `targets` does not hold where something needs it. */
type Missing = { readonly use: CommandUse; readonly target: UsedTarget; readonly name: string; readonly when: Cond }

function checkDirectory(found: KbuildDirectory, targets: DirectoryTargets, context: TreeContext): void {
  const { model, directory } = found
  const { conditions } = model
  const rules = rulesOf(conditions, directory.evaluation)
  const held = normalised(conditions, targets.held)
  const search = { conditions, rules, isSource: (name: string) => context.tree.blob(normalise(name)) !== null }
  const needed = neededFiles(search, held)
  for (const use of usesOf(conditions, rules).filter(({ macro }) => watching.has(macro))) {
    const missing = use.targets.flatMap((target) =>
      namesOf(target, use, { search, needed }).flatMap((name): readonly Missing[] => {
        const prefixed = held.get(`${directory.path}/${name}`) ?? never
        const used = conditions.or(needed.get(name) ?? never, prefixed)
        const unread = conditions.without(
          conditions.and(target.when, directory.when),
          held.get(normalise(name)) ?? never,
        )
        const when = conditions.without(conditions.and(unread, used), rules.phony(name))
        return when === never || !name.startsWith(`${directory.path}/`) ? [] : [{ use, target, name, when }]
      }),
    )
    for (const same of Map.groupBy(missing, (each) => JSON.stringify(placeOf(each))).values())
      tell(found, { missing: same, unknown: targets.unknown.length > 0 }, context)
  }
}

type Told = { readonly missing: readonly Missing[]; readonly unknown: boolean }

/** One finding a place: a pattern may stand for many files, and so may `vmlinux.bin.$(suffix-y)`. */
function tell(found: KbuildDirectory, { missing, unknown }: Told, { report, unsure }: TreeContext): void {
  const [first] = missing
  if (first === undefined) return
  const at = placeOf(first)
  if (unknown) unsure(at, 'a list that is part of `targets` is not known in full')
  else report({ at, ...describe(found, first, missing) })
}

function describe(
  found: KbuildDirectory,
  { name, target, use, when }: Missing,
  all: readonly Missing[],
): Omit<Report, 'at'> {
  const { directory, model } = found
  const word = name.slice(directory.path.length + 1)
  const others = all.slice(1).map((each) => `\`${each.name.slice(directory.path.length + 1)}\``)
  const twice = directory.evaluation.words('targets').words.find(({ text }) => normalise(text) === name)
  const message =
    twice === undefined
      ? `\`${word}\` is made by \`${use.macro}\` and is not in \`targets\`: its last command is not read`
      : `\`targets\` gets \`$(obj)/\` in front: with that written out it does not hold \`${word}\``
  return {
    message,
    subject: word,
    ...whenHolds(found, model.conditions.restrict(when, directory.when)),
    evidence: [
      target.forced === never
        ? 'a changed command is not told from the last one'
        : 'each build takes its command for a new one, and makes it again',
      ...(others.length === 0
        ? []
        : [`so are ${others.slice(0, shown).join(', ')}${others.length > shown ? ' ...' : ''}`]),
    ],
    ...(twice !== undefined &&
      twice.origin.file !== '' && { related: [{ at: twice.origin, message: 'written here' }] }),
  }
}

/** How many more files of a pattern are named. */
const shown = 3

/** The target in the rule line, where it is written there; else the call. */
function placeOf({ use, target, name }: Missing): Span {
  const word = use.rule.targets.find(({ text }) => text === name || text === target.name)
  return word === undefined || word.origin.file === '' ? use.origin : word.origin
}

type Reached = { readonly search: Search; readonly needed: ReadonlyMap<string, Cond> }

/** The files that a rule is used for: its target; of a pattern, those needed for which make takes it. */
function namesOf(target: UsedTarget, { rule }: CommandUse, { search, needed }: Reached): readonly string[] {
  if (!target.isPattern) return [target.name]
  return [...needed.keys()].filter((name) => patternFor(search, name)?.rule === rule)
}

/** The same names as paths: `$(addprefix ../../,x)` in `targets` and `include/generated/x` in a rule are one file. */
function normalised(conditions: Conditions, held: ReadonlyMap<string, Cond>): ReadonlyMap<string, Cond> {
  const paths = new Map<string, Cond>()
  for (const [name, when] of held) {
    const path = normalise(name)
    paths.set(path, conditions.or(paths.get(path) ?? never, when))
  }
  return paths
}
