import { createConditions } from '../../../src/cond/conditions.ts'
import type { Conditions } from '../../../src/cond/conditions.ts'
import { printCond } from '../../../src/cond/print.ts'
import { evaluateMakefile } from '../../../src/make/evaluate.ts'
import type { EvaluateOptions } from '../../../src/make/evaluate.ts'
import type { Evaluation } from '../../../src/make/evaluation.ts'
import type { Word } from '../../../src/make/guarded-words.ts'
import { parseMakefile } from '../../../src/make/parse.ts'
import { textValue } from '../../../src/make/value.ts'

export type Evaluated = {
  readonly conditions: Conditions
  readonly evaluation: Evaluation
  /** The words of a variable as `text` or `text if CONDITION`. */
  readonly words: (name: string) => readonly string[]
  /** What stands in the makefile at the origin of each word. */
  readonly origins: (name: string) => readonly string[]
  /** Why words of a variable are not known. */
  readonly reasons: (name: string) => readonly string[]
}

export type Given = Partial<EvaluateOptions> & {
  /** Texts of variables that are set before. */
  readonly set?: Readonly<Record<string, string>>
  /** Files that may be included. */
  readonly files?: Readonly<Record<string, string>>
}

/** Evaluates a makefile named `drivers/usb/Makefile`, as tests like to ask about it. */
export function evaluated(text: string, { set = {}, files = {}, ...options }: Given = {}): Evaluated {
  const conditions = options.conditions ?? createConditions()
  const evaluation = evaluateMakefile(parseMakefile(text), {
    file: 'drivers/usb/Makefile',
    seeds: new Map(Object.entries(set).map(([name, value]) => [name, textValue(value, null)])),
    include: (path) => {
      const file = files[path]
      return file === undefined ? null : parseMakefile(file)
    },
    ...options,
    conditions,
  })
  const read = ({ origin }: Word): string =>
    (origin.file === 'drivers/usb/Makefile' ? text : (files[origin.file] ?? '')).slice(origin.start, origin.end)
  return {
    conditions,
    evaluation,
    words: (name) =>
      evaluation.words(name).words.map(({ text: word, when }) => {
        const cond = printCond(conditions, when)
        return cond === 'always' ? word : `${word} if ${cond}`
      }),
    origins: (name) => evaluation.words(name).words.map(read),
    reasons: (name) => evaluation.words(name).unknown.map(({ unknown }) => unknown.reason),
  }
}
