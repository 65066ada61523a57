/** Values of variables as they come back from a store: plain data, which is checked before anything walks it. */
import type { Seeds } from '../make/initial-variables.ts'
import type { Value } from '../make/value.ts'
import { UnfitStore, type Fields } from './stored-fields.ts'

export function storeSeeds(seeds: Seeds): readonly (readonly [string, Value])[] {
  return [...seeds]
}

/** What `storeSeeds` gave, after JSON. Throws where it is no such thing. */
export function loadSeeds(fields: Fields, stored: unknown): Seeds {
  return new Map(
    fields.array(stored).map((each) => {
      const [name, value] = fields.array(each)
      checkValue(fields, value, 0)
      // checkValue() has looked at all that a value is made of.
      return [fields.text(name), value as Value] as const
    }),
  )
}

/** Levels that a value may have; expressions of makefiles are followed 200 deep. */
const maxDepth = 2000

function checkValue(fields: Fields, value: unknown, depth: number): void {
  const { kind, text, items, options, origin, unknown, depth: written } = fields.record(value)
  if (depth > maxDepth || (written !== undefined && fields.count(written) > maxDepth))
    throw new UnfitStore('a value of too many levels')
  switch (kind) {
    case 'text':
      fields.text(text)
      checkSpan(fields, origin)
      return
    case 'unknown':
      checkSpan(fields, origin)
      Object.values(fields.record(unknown)).forEach(fields.text)
      return
    case 'concat':
      checkEach(fields, items, depth)
      fields.array(items).forEach((item) => checkSpan(fields, fields.record(item)['site']))
      return
    case 'list':
    case 'choice':
      checkEach(fields, kind === 'list' ? items : options, depth)
      fields.array(kind === 'list' ? items : options).forEach((item) => fields.cond(fields.record(item)['when']))
      return
    default:
      throw new UnfitStore('a value of no kind')
  }
}

function checkEach(fields: Fields, items: unknown, depth: number): void {
  for (const item of fields.array(items)) checkValue(fields, fields.record(item)['value'], depth + 1)
}

function checkSpan(fields: Fields, span: unknown): void {
  if (span === null) return
  const { file, start, end } = fields.record(span)
  fields.text(file)
  fields.count(start)
  fields.count(end)
}
