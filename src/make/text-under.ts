import type { Assignment, Conditions } from '../cond/conditions.ts'
import { spend } from './scope.ts'
import type { Budget } from './scope.ts'
import type { Unknown, Value } from './value.ts'

/** The string that a value is when everything has these values, blank by blank; or why it is not known. */
export type TextUnder =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'unknown'; readonly unknown: Unknown }

type Reader = { readonly conditions: Conditions; readonly budget: Budget }

/** The one string that a value is under an assignment of all symbols: what make itself would have. */
export function textUnder(reader: Reader, value: Value, under: Assignment): TextUnder {
  const unknown: Unknown[] = []
  const text = read(reader, value, { under, unknown })
  const [first] = unknown
  return first === undefined ? { kind: 'text', text } : { kind: 'unknown', unknown: first }
}

type Reading = { readonly under: Assignment; readonly unknown: Unknown[] }

function read(reader: Reader, value: Value, reading: Reading): string {
  spend(reader.budget, 1)
  const holds = (each: { readonly when: number }): boolean => reader.conditions.holds(each.when, reading.under)
  switch (value.kind) {
    case 'text':
      return value.text
    case 'concat':
      return value.items.map((item) => read(reader, item.value, reading)).join('')
    case 'choice': {
      const option = value.options.find(holds)
      return option === undefined ? '' : read(reader, option.value, reading)
    }
    case 'list':
      return value.items
        .filter(holds)
        .map((item) => ({ text: read(reader, item.value, reading), counts: item.counts }))
        .filter(({ text, counts }) => counts === 'always' || text !== '')
        .map(({ text }) => text)
        .join(' ')
    case 'unknown':
      reading.unknown.push(value.unknown)
      return ''
  }
}
