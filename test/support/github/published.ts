import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import type { Exchange } from './server.ts'

type Json = { readonly [key: string]: unknown }

/** What GitHub's published description has against exchanges, and of which operations it says nothing. */
export type Judged = { readonly judged: number; readonly wrong: readonly string[]; readonly unknown: readonly string[] }

/** Checks exchanges against a part of https://github.com/github/rest-api-description, bodies and answers. */
export function judgeByPublished(path: string, exchanges: readonly Exchange[]): Judged {
  const document = withNull(JSON.parse(readFileSync(path, 'utf8'))) as Json // an object, by its format
  const ajv = new Ajv({ strict: false, allErrors: true })
  formats.default(ajv)
  ajv.addSchema({ $id: 'published', ...document })
  const known = operationsOf(document)
  const wrong = exchanges.flatMap((exchange) => {
    const operation = known.get(exchange.operation ?? '')
    if (operation === undefined) return []
    const check = (pointer: string, value: unknown, what: string): string[] => {
      const schema = at(document, pointer) === undefined ? null : ajv.compile({ $ref: `published#${pointer}` })
      if (schema === null || schema(value)) return []
      return [`${exchange.operation ?? ''} ${what}: ${ajv.errorsText(schema.errors)}`]
    }
    const content = 'content/application~1json/schema'
    const request =
      exchange.status < 300 && exchange.request !== undefined
        ? check(`${operation}/requestBody/${content}`, exchange.request, 'request')
        : []
    return [...request, ...check(`${operation}/responses/${exchange.status}/${content}`, exchange.response, 'answer')]
  })
  const all = exchanges.flatMap(({ operation }) => (operation === null ? [] : [operation]))
  const unknown = [...new Set(all.filter((operation) => !known.has(operation)))]
  return { judged: all.filter((operation) => known.has(operation)).length, wrong: [...new Set(wrong)], unknown }
}

/** JSON pointers of operations by their id. */
function operationsOf(document: Json): ReadonlyMap<string, string> {
  const result = new Map<string, string>()
  for (const [path, methods] of Object.entries(document['paths'] as Json))
    for (const [method, operation] of Object.entries(methods as Json)) {
      const { operationId } = operation as { readonly operationId: string } // OpenAPI 3.0 §4.7.10
      result.set(
        operationId,
        `/paths/${path.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}/${method}`,
      )
    }
  return result
}

function at(document: Json, pointer: string): unknown {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => decodeURIComponent(key).replaceAll('~1', '/'))
  return keys.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Json)[key] : undefined),
    document,
  )
}

/** `nullable` of OpenAPI 3.0 as JSON Schema says it: ajv reads it only beside a `type`. */
function withNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNull)
  if (typeof value !== 'object' || value === null) return value
  const { nullable, ...rest } = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withNull(each)]))
  return nullable === true
    ? { anyOf: [rest, { type: 'null' }] }
    : { ...rest, ...(nullable === undefined ? {} : { nullable }) }
}
