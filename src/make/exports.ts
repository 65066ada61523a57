import { always, never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Evaluation } from './evaluation.ts'

/** Names that the environment of a command can hold, as make takes it (GNU make variable.c define_variable_in_set()). */
const exportable = /^[A-Za-z_][A-Za-z_0-9]*$/

/** As `exportsOf`, of one variable. */
export function exportedCond(conditions: Conditions, evaluation: Evaluation, name: string): Cond {
  return exportsOf(conditions, evaluation)(name)
}

/**
 * The condition under which commands, and makes called by recipes, find a variable in their environment: it is exported by name,
 * or all are, or it came from the command line or the environment, and no `unexport` names it (variable.c target_environment()).
 */
export function exportsOf(conditions: Conditions, evaluation: Evaluation): (name: string) => Cond {
  const { and, or, without } = conditions
  const named = new Map<string, Named>()
  let all: Cond = everythingExported(conditions, evaluation)
  for (const { modifier, names, when } of evaluation.exports) {
    const isExport = modifier === 'export'
    if (names === null) all = isExport ? or(all, when) : without(all, when)
    for (const word of names ?? []) {
      const where = and(when, word.when)
      const { exported, barred } = named.get(word.text) ?? unnamed
      named.set(word.text, {
        exported: isExport ? or(exported, where) : without(exported, where),
        barred: isExport ? without(barred, where) : or(barred, where),
      })
    }
  }
  return (name) => {
    const { exported, barred } = named.get(name) ?? unnamed
    const byOrigin = evaluation.fromOutside.has(name)
      ? without(always, overriddenCond(conditions, evaluation, name))
      : never
    const byDefault = or(byOrigin, exportable.test(name) ? all : never)
    return and(evaluation.defined(name), or(exported, without(byDefault, barred)))
  }
}

/** Where `export` and `unexport` lines name a variable, the last of them counting. */
type Named = { readonly exported: Cond; readonly barred: Cond }

const unnamed: Named = { exported: never, barred: never }

/** Where `.EXPORT_ALL_VARIABLES` is a target. */
function everythingExported(conditions: Conditions, evaluation: Evaluation): Cond {
  return evaluation.rules
    .flatMap((rule) => rule.targets.filter((word) => word.text === '.EXPORT_ALL_VARIABLES'))
    .reduce<Cond>((sum, word) => conditions.or(sum, word.when), never)
}

/**
 * Where `override` has changed a variable of the command line, which then is exported no more; what came from the environment stays
 * (variable.c target_environment(): o_override is not among the origins that are exported by default).
 */
function overriddenCond(conditions: Conditions, { fromCommandLine, settings }: Evaluation, name: string): Cond {
  if (fromCommandLine?.has(name) !== true) return never
  return settings
    .filter((setting) => setting.name === name && setting.modifiers.includes('override'))
    .reduce<Cond>((sum, { when }) => conditions.or(sum, when), never)
}
