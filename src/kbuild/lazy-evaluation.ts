import type { Evaluation } from '../make/evaluation.ts'

/**
 * An evaluation that is made when something of it is asked for: most of what a model keeps of a makefile is in its lists, and few
 * ask for more.
 */
export function lazyEvaluation(file: string, make: () => Evaluation): Evaluation {
  let made: Evaluation | null = null
  const evaluated = (): Evaluation => (made ??= make())
  return {
    file,
    words: (name) => evaluated().words(name),
    value: (name) => evaluated().value(name),
    text: (name, under) => evaluated().text(name, under),
    defined: (name) => evaluated().defined(name),
    expand: (text) => evaluated().expand(text),
    wordsOf: (value) => evaluated().wordsOf(value),
    get names() {
      return evaluated().names
    },
    get fromOutside() {
      return evaluated().fromOutside
    },
    get settings() {
      return evaluated().settings
    },
    get rules() {
      return evaluated().rules
    },
    get targetVariables() {
      return evaluated().targetVariables
    },
    get includes() {
      return evaluated().includes
    },
    get exports() {
      return evaluated().exports
    },
    get stops() {
      return evaluated().stops
    },
    get unknownEffects() {
      return evaluated().unknownEffects
    },
  }
}
