import type { Cond, Conditions } from '../../src/cond/conditions.ts'
import { transfer } from '../../src/cond/transfer.ts'
import { builtObjects } from '../../src/kbuild/built-objects.ts'
import type { KernelModel } from '../../src/kbuild/kernel-model.ts'
import { objectLines } from '../../src/kbuild/print-objects.ts'
import type { UnknownWords, Word } from '../../src/make/guarded-words.ts'

export type ModelTextOptions = {
  /** Which directories also say all that is left to be evaluated later: flags, rules, exports. */
  readonly evaluated: (path: string) => boolean
  /** Which objects are printed as people see them. */
  readonly printed: (path: string) => boolean
}

/**
 * All that a model says, a line each, with conditions as numbers of `common`: two models are the same where these lines are.
 */
export function modelText(model: KernelModel, common: Conditions, options: ModelTextOptions): readonly string[] {
  const numbers = new Map<Cond, Cond>()
  const number = (of: Cond): Cond => {
    const known = numbers.get(of) ?? transfer(model.conditions, of, common)
    numbers.set(of, known)
    return known
  }
  const word = ({ text, when, origin }: Word): string =>
    `${text} ${number(when)} ${origin.file}:${origin.start}-${origin.end}`
  const doubt = ({ when, unknown, origin }: UnknownWords): string =>
    [number(when), unknown.kind, unknown.key, unknown.reason, origin.file, origin.start].join(' ')
  const lines: string[] = []
  for (const { path, makefile, when, needBuiltin, needModorder, lists, evaluation } of model.directories.values()) {
    const { composites, unknown, ...words } = lists
    lines.push(`${path} ${makefile} ${[when, needBuiltin, needModorder].map(number).join()}`)
    for (const [list, held] of Object.entries(words)) lines.push(`${path} ${list}: ${held.map(word).join(', ')}`)
    for (const [name, { inBuiltin, inModule, builtinParts, moduleParts }] of composites) {
      const parts = [builtinParts, moduleParts].map((each) => each.map(word).join(', '))
      lines.push(`${path} ${name}: ${number(inBuiltin)} ${number(inModule)}: ${parts.join('; ')}`)
    }
    for (const each of unknown) lines.push(`${path} ${each.list}: unknown: ${doubt(each)}`)
    if (!options.evaluated(path)) continue
    for (const name of evaluation.names.filter((each) => !each.startsWith('CONFIG_'))) {
      const said = evaluation.words(name)
      lines.push(`${path} $(${name}): ${[...said.words.map(word), ...said.unknown.map(doubt)].join(', ')}`)
    }
    for (const rule of evaluation.rules)
      lines.push(`${path} rule: ${rule.targets.map(word).join()} ${number(rule.when)}`)
    lines.push(`${path}: ${evaluation.settings.length} settings, ${evaluation.includes.length} includes`)
  }
  for (const { path, when } of model.missing) lines.push(`missing ${path} ${number(when)}`)
  for (const [name, value] of model.top.exported) {
    const words = model.top.evaluation?.wordsOf(value).words.map((each) => `${each.text} ${number(each.when)}`)
    lines.push(`exported ${name}: ${words?.join(', ') ?? ''}`)
  }
  const objects = [...builtObjects(model)].filter(([path]) => options.printed(path)).map(([, places]) => places)
  for (const { path, when, place, origins } of objectLines(model, objects))
    lines.push(`${path} ${when} ${place} ${origins.join()}`)
  return lines
}
