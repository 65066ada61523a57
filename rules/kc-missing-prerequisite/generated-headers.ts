import { never, type Cond } from '../../src/cond/conditions.ts'
import { objectsOf, sourceOf } from '../../src/kbuild/built-objects.ts'
import type { DirectoryRules } from '../../src/kbuild/directory-rules.ts'
import { anyOf } from '../../src/kbuild/guarded-list.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import type { TreeContext } from '../../src/review/rule.ts'
import type { Span } from '../../src/text/span.ts'

/** An object whose source includes a header that a rule of the same makefile makes. */
export type HeaderUse = {
  readonly object: string
  readonly header: string
  readonly source: string
  readonly line: number
  /** Where the object is listed. */
  readonly origin: Span | null
  readonly when: Cond
}

/** The generated headers that the sources of a directory include, outside of any `#if`, by their name alone. */
export function headerUses(
  { model, directory }: KbuildDirectory,
  rules: DirectoryRules,
  { tree }: TreeContext,
): readonly HeaderUse[] {
  const prefix = `${directory.path}/`
  const headers = rules.names.filter(
    (name) => name.startsWith(prefix) && /^[\w.-]+\.h$/.test(name.slice(prefix.length)),
  )
  const made = headers.filter((name) => (rules.target(name)?.recipes.length ?? 0) > 0 && tree.blob(name) === null)
  if (made.length === 0) return []
  const names = made.map((header) => ({ header, name: header.slice(prefix.length) }))
  const places = Map.groupBy(objectsOf(model.conditions, directory), ({ path }) => path)
  const sources = [...places].flatMap(([path, built]) => {
    const source = sourceOf(tree, path)
    const isOwn = source?.startsWith(prefix) === true && !source.slice(prefix.length).includes('/')
    return isOwn ? [{ source, built }] : []
  })
  tree.prefetch(sources.map(({ source }) => source))
  return sources.flatMap(({ source, built }): readonly HeaderUse[] => {
    const [object] = built
    const text = tree.read(source)
    if (object === undefined || text === null || !names.some(({ name }) => text.includes(`"${name}"`))) return []
    const included = includesIn(text)
    return names.flatMap(({ header, name }) => {
      const line = included.get(name)
      const when = model.conditions.and(anyOf(model.conditions, built), rules.target(header)?.when ?? never)
      if (line === undefined || when === never) return []
      return [{ object: object.path, header, source, line, origin: object.origins[0] ?? null, when }]
    })
  })
}

/** The headers that a source includes in quotes outside of any `#if`, and the line, 1-based. */
function includesIn(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  let depth = 0
  for (const [at, line] of text.split('\n').entries()) {
    const [, directive, rest = ''] = /^\s*#\s*(if|ifdef|ifndef|endif|include)\b(.*)$/.exec(line) ?? []
    if (directive === 'endif') depth = Math.max(0, depth - 1)
    else if (directive === 'include') {
      const name = /^\s*"([\w.-]+)"/.exec(rest)?.[1]
      if (name !== undefined && depth === 0 && !found.has(name)) found.set(name, at + 1)
    } else if (directive !== undefined) depth++
  }
  return found
}
