import { parseKconfig } from '../kconfig/parse.ts'
import type { Statement } from '../kconfig/syntax.ts'
import type { Tree } from '../text/tree.ts'
import { isKconfig } from '../kconfig/is-kconfig.ts'

/**
 * The symbols whose types can differ between two trees that differ in some files, by the Kconfig files among these alone; null
 * where it can be any, as what is read by `source` differs. Only loading both trees tells whether a type does.
 */
export function retypedSymbols(before: Tree, after: Tree, changed: readonly string[]): ReadonlySet<string> | null {
  if (changed.some((path) => path.startsWith('scripts/kconfig/'))) return null
  const names = new Set<string>()
  for (const path of changed.filter(isKconfig)) {
    const [old, young] = [before.read(path), after.read(path)]
    if (old === null || young === null) return null
    const [was, is] = [outlineOf(old), outlineOf(young)]
    if (was.structure !== is.structure) return null
    for (const name of new Set([...was.definitions.keys(), ...is.definitions.keys()]))
      if (was.definitions.get(name) !== is.definitions.get(name)) names.add(name)
  }
  return names
}

type Outline = {
  /** What decides which other files are read, and which symbols have computed names. */
  readonly structure: string
  /** The definitions of each symbol: its types, and where they stand in the structure. */
  readonly definitions: ReadonlyMap<string, string>
}

function outlineOf(text: string): Outline {
  const structure: string[] = []
  const definitions = new Map<string, string>()
  for (const statement of parseKconfig(text).statements) {
    const line = structureOf(text, statement)
    if (line !== null) structure.push(line)
    else if (statement.kind === 'config') {
      const { text: name } = statement.name
      const definition = `${structure.length}:${typesOf(statement)}`
      definitions.set(name, `${definitions.get(name) ?? ''} ${definition}`)
    }
  }
  return { structure: structure.join('\n'), definitions }
}

/** A statement that can change what others are read, or how; null for one that does no more than it says. */
function structureOf(text: string, statement: Statement): string | null {
  switch (statement.kind) {
    case 'source':
    case 'assignment':
    case 'macro':
    case 'error':
      return text.slice(statement.start, statement.end)
    case 'config':
      return statement.name.parts === null ? null : `${statement.name.text} ${typesOf(statement)}`
    case 'choice':
    case 'menu':
    case 'comment':
    case 'if':
    case 'end':
    case 'mainmenu':
      return null
  }
}

function typesOf({ properties }: Extract<Statement, { kind: 'config' }>): string {
  return properties
    .flatMap((property) => (property.kind === 'type' || property.kind === 'default' ? (property.type ?? []) : []))
    .join()
}
