import { describe, expect, it } from 'vitest'
import { always } from '../../../src/cond/conditions.ts'
import { recipeOutputs } from '../../../src/review/recipe-outputs.ts'

/** The names that a recipe line writes, with what stands at the place of each. */
function outputsOf(text: string): readonly string[] {
  const before = 'all:\n\t'
  const origin = { file: 'Makefile', start: before.length, end: before.length + text.length }
  const whole = before + text
  return recipeOutputs({ when: always, text, prefix: '', origin }).map(
    (output) => `${output.text} at ${whole.slice(output.origin.start, output.origin.end)}`,
  )
}

describe('recipeOutputs', () => {
  it('has the names that are written out, and where', () => {
    expect(outputsOf('@sort boards > boards.sorted; touch "stamp"')).toEqual([
      'boards.sorted at boards.sorted',
      'stamp at "stamp"',
    ])
  })

  it('leaves out what a variable stands for', () => {
    expect(outputsOf('sort $< > $@; touch $(obj)/stamp')).toEqual([])
  })
})
