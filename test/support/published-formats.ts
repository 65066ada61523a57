import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'

/** What a published schema has against a JSON text, one line a problem; empty where it has nothing. */
export type Problems = (text: string) => readonly string[]

/** The schema of OASIS, which @microsoft/jest-sarif carries; written for draft 4, of which it uses only what later drafts kept. */
const sarifSchema = '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'

/** SARIF 2.1.0, against the schema of OASIS. */
export function openSarifSchema(): Problems {
  const path = createRequire(import.meta.url).resolve(sarifSchema)
  const schema = JSON.parse(readFileSync(path, 'utf8'), (key, value: unknown) =>
    (key === '$schema' || key === 'id') && typeof value === 'string' ? undefined : value,
  ) as object // of a package that is installed
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
  formats.default(ajv)
  return problemsOf(ajv.compile(schema))
}

/**
 * The Reviewdog Diagnostic Format: what proto/rdf/jsonschema/DiagnosticResult.json of reviewdog says of names and types; stricter in that
 * nothing else is allowed and that lines and columns start at 1, as its descriptions have it.
 */
export function openRdjsonSchema(): Problems {
  return problemsOf(new Ajv({ allErrors: true }).compile(diagnosticResult))
}

function problemsOf(validate: ValidateFunction): Problems {
  return (text) => {
    validate(JSON.parse(text))
    return (validate.errors ?? []).map(({ instancePath, message = 'is wrong' }) => `${instancePath} ${message}`)
  }
}

const object = (properties: object, required: readonly string[] = []): object => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const string = { type: 'string' }
const severity = { enum: ['UNKNOWN_SEVERITY', 'ERROR', 'WARNING', 'INFO'] }
const position = object({ line: { type: 'integer', minimum: 1 }, column: { type: 'integer', minimum: 1 } }, ['line'])
const range = object({ start: position, end: position }, ['start'])
const source = object({ name: string, url: string }, ['name'])
const diagnostic = object(
  {
    message: string,
    location: object({ path: { type: 'string', minLength: 1 }, range }, ['path']),
    severity,
    source,
    code: object({ value: string, url: string }, ['value']),
    suggestions: { type: 'array', items: object({ range, text: string }, ['range', 'text']) },
    original_output: string,
  },
  ['message'],
)
const diagnosticResult = object({ source, severity, diagnostics: { type: 'array', items: diagnostic } }, [
  'diagnostics',
])
