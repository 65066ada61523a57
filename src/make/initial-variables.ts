import { always, never } from '../cond/conditions.ts'
import type { Conditions } from '../cond/conditions.ts'
import { definedVariable, undefinedVariable } from './environment.ts'
import type { Origin, Variable } from './environment.ts'
import type { Value } from './value.ts'
import { choiceValue, textValue, unknownValue } from './value.ts'

/** Variables that are set before a makefile is read, simply expanded. */
export type Seeds = ReadonlyMap<string, Value>

/** Seeds as they are asked for. */
export type SeedLookup = Pick<Seeds, 'get' | 'has' | 'keys'>

/**
 * What is known of a symbol that is a string or a number: its text, `unknown`, or null for one that is y, m or empty. A symbol
 * that no Kconfig file defines has the text ''.
 */
export type SymbolText = (
  symbol: string,
) => { readonly kind: 'text'; readonly text: string } | { readonly kind: 'unknown' } | null

type Sources = {
  readonly seeds: SeedLookup
  /** `make NAME=value`: ordinary assignments do not change these. */
  readonly commandLine: Seeds
  /** What a calling make or shell has exported. */
  readonly inherited: SeedLookup
  readonly symbolText: SymbolText
  readonly externalReason: (name: string) => string | null
}

/** What variables are before the makefile sets them: seeds, symbols, what comes from elsewhere; everything else is undefined. */
export function createInitial(conditions: Conditions, sources: Sources): (name: string) => Variable {
  const known = new Map<string, Variable>()
  return (name) => {
    let variable = known.get(name)
    if (variable === undefined) {
      variable = initialVariable(conditions, sources, name)
      known.set(name, variable)
    }
    return variable
  }
}

const prefix = 'CONFIG_'

function initialVariable(conditions: Conditions, sources: Sources, name: string): Variable {
  const given = sources.commandLine.get(name)
  if (given !== undefined) return { ...fromOutside(name, given, 'command line'), locked: always }
  const seed = sources.seeds.get(name)
  if (seed !== undefined) return definedVariable(name, { kind: 'value', value: seed }, 'simple')
  if (name.startsWith(prefix) && name.length > prefix.length) {
    return symbolVariable(conditions, name, sources.symbolText(name.slice(prefix.length)))
  }
  const inherited = sources.inherited.get(name)
  if (inherited !== undefined) return fromOutside(name, inherited, 'environment')
  const reason = sources.externalReason(name)
  if (reason === null) return undefinedVariable(name)
  const value = unknownValue({ kind: 'external', reason, key: `$(${name})` }, null)
  return definedVariable(name, { kind: 'value', value }, 'recursive')
}

function fromOutside(name: string, value: Value, origin: Origin): Variable {
  const body = { kind: 'value' as const, value }
  return { ...undefinedVariable(name), definitions: [{ body, when: always, span: null, origin }] }
}

/** As include/config/auto.conf sets it: y, m, a text, or not at all. */
function symbolVariable(conditions: Conditions, name: string, text: ReturnType<SymbolText>): Variable {
  if (text?.kind === 'text') {
    if (text.text === '') return undefinedVariable(name)
    return definedVariable(name, { kind: 'value', value: textValue(text.text, null) }, 'recursive')
  }
  if (text?.kind === 'unknown') {
    const value = unknownValue({ kind: 'symbol', reason: `\`${name}\` is a string or a number`, key: name }, null)
    return definedVariable(name, { kind: 'value', value }, 'recursive')
  }
  const symbol = name.slice(prefix.length)
  const value = choiceValue([
    { when: conditions.symbolIs(symbol, 'y'), value: textValue('y', null) },
    { when: conditions.symbolIs(symbol, 'm'), value: textValue('m', null) },
  ])
  const when = conditions.isSet(symbol)
  if (when === never) return undefinedVariable(name)
  return {
    ...undefinedVariable(name),
    definitions: [{ body: { kind: 'value', value }, when, span: null, origin: 'file' }],
  }
}
