import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { renderRdjson } from '../../../src/outlets/rdjson.ts'
import { patchTextPath, type Finding } from '../../../src/review/finding.ts'
import { reviewOf, wordRule } from '../../support/reviews.ts'
import { seriesThrough } from '../../support/steps.ts'

/**
 * What reviewdog's proto/rdf/jsonschema/DiagnosticResult.json says of names and types; stricter in that nothing else is allowed and
 * that lines and columns start at 1, as its descriptions have it.
 */
const object = (properties: object, required: readonly string[] = []): object => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const text = { type: 'string' }
const severity = { enum: ['UNKNOWN_SEVERITY', 'ERROR', 'WARNING', 'INFO'] }
const position = object({ line: { type: 'integer', minimum: 1 }, column: { type: 'integer', minimum: 1 } }, ['line'])
const range = object({ start: position, end: position }, ['start'])
const source = object({ name: text, url: text }, ['name'])
const diagnostic = object(
  {
    message: text,
    location: object({ path: { type: 'string', minLength: 1 }, range }, ['path']),
    severity,
    source,
    code: object({ value: text, url: text }, ['value']),
    suggestions: { type: 'array', items: object({ range, text }, ['range', 'text']) },
    original_output: text,
  },
  ['message'],
)
const validate = new Ajv({ allErrors: true }).compile(
  object({ source, severity, diagnostics: { type: 'array', items: diagnostic } }, ['diagnostics']),
)

function valid(output: string): unknown {
  const result: unknown = JSON.parse(output)
  validate(result)
  expect(validate.errors).toBeNull()
  return result
}

const path = 'drivers/clk/Makefile'
const through = seriesThrough([{ [path]: '# clocks\n' }, { [path]: '# clocks\nobj-y += gate.o\n' }])
const at = { file: path, start: 0, end: 8 }

function findingOf(): Finding {
  const rule = wordRule('gate.o', {
    evidence: ['tried gate.c'],
    suggestion: { message: 'name it', edits: [{ at, text: '# gates' }] },
  })
  const [finding] = reviewOf(through, [rule]).findings
  if (finding === undefined) throw new Error('the rule finds nothing')
  return finding
}

describe('renderRdjson', () => {
  it('tells findings with their places, rules and suggestions, as the schema has it', () => {
    expect(valid(renderRdjson([findingOf()]))).toMatchObject({
      source: { name: 'kbuild-review' },
      diagnostics: [
        {
          location: { path, range: { start: { line: 2, column: 10 }, end: { line: 2, column: 16 } } },
          suggestions: [{ text: '# gates', range: { start: { line: 1, column: 1 }, end: { line: 1, column: 9 } } }],
        },
      ],
    })
  })

  it('counts columns in bytes of UTF-8', () => {
    const finding = { ...findingOf(), source: 'grün-y += gate.o', column: 11, endColumn: 17 }
    expect(valid(renderRdjson([finding]))).toMatchObject({
      diagnostics: [{ location: { range: { start: { column: 12 }, end: { column: 18 } } } }],
    })
  })

  it('gives no place to what is wrong with the text of a patch, and no edit for another file', () => {
    const finding = findingOf()
    expect(JSON.stringify(valid(renderRdjson([{ ...finding, path: patchTextPath }])))).not.toMatch(
      /location|suggestions/,
    )
  })

  it('is held against a schema that refuses', () => {
    expect(validate({ diagnostics: [{ message: 'x', location: { range: {} } }] })).toBe(false)
  })
})
