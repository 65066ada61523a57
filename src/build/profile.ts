import { isNode, LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { profileSchema, type Profile } from './profile-schema.ts'

/** A profile, or the lines that say what is wrong with it: `file:line: message`. */
export type ProfileResult =
  | { readonly kind: 'profile'; readonly profile: Profile }
  | { readonly kind: 'bad'; readonly problems: readonly string[] }

/** A profile is some kilobytes; a larger text is a mistake (UTF-16 units). */
const maxLength = 1 << 20

/** The JSON Schema of profiles as users write them, for editors. */
export function profileJsonSchema(): object {
  return z.toJSONSchema(profileSchema, { io: 'input' })
}

/** Checks the text of a profile; `path` is only for the problems, which name file and line. */
export function parseProfile(text: string, path: string): ProfileResult {
  if (text.length > maxLength) return { kind: 'bad', problems: [`${path}: longer than ${maxLength} characters`] }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (where: readonly PropertyKey[]): string => `${path}:${lines.linePos(offsetOf(document, where)).line}`
  if (document.errors.length > 0) {
    const told = document.errors.map((error) => `${path}:${lines.linePos(error.pos[0]).line}: ${error.message}`)
    return { kind: 'bad', problems: told }
  }
  const result = profileSchema.safeParse(document.toJS({ maxAliasCount: 100 }))
  if (!result.success) {
    const told = result.error.issues.map((issue) => `${at(issue.path)}: ${[...issue.path, issue.message].join(': ')}`)
    return { kind: 'bad', problems: told }
  }
  const wrong = findWrongNames(result.data).map(({ where, message }) => `${at(where)}: ${message}`)
  return wrong.length > 0 ? { kind: 'bad', problems: wrong } : { kind: 'profile', profile: result.data }
}

/** Where a value stands; of one that is missing, where its parent does. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

type Wrong = { readonly where: readonly PropertyKey[]; readonly message: string }

/** Names that are given twice, or that nothing has. */
function findWrongNames(profile: Profile): readonly Wrong[] {
  const fragments = { kind: 'fragment', there: Object.keys(profile.fragments) }
  const arches = { kind: 'architecture', there: profile.arches.map(({ name }) => name) }
  const goals = profile.goals.map(({ id }) => id)
  return [
    ...findTwice('arches', arches.there),
    ...findTwice('goals', goals),
    ...findUnknown(profile.configure.fragments, ['configure', 'fragments'], fragments),
    ...profile.arches.flatMap((arch, index) => findUnknown(arch.fragments, ['arches', index, 'fragments'], fragments)),
    ...profile.goals.flatMap((goal, index) => [
      ...findUnknown(goal.needs, ['goals', index, 'needs'], {
        kind: 'goal before this one named',
        there: goals.slice(0, index),
      }),
      ...findUnknown(goal.instead === undefined ? [] : [goal.instead], ['goals', index, 'instead'], {
        kind: 'goal before this one named',
        there: goals.slice(0, index),
      }),
      ...findUnknown(goal.arches ?? [], ['goals', index, 'arches'], arches),
    ]),
  ]
}

function findTwice(list: string, names: readonly string[]): readonly Wrong[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) === index ? [] : [{ where: [list, index], message: `\`${name}\` is given twice` }],
  )
}

type Known = { readonly kind: string; readonly there: readonly string[] }

function findUnknown(
  names: readonly string[],
  where: readonly PropertyKey[],
  { kind, there }: Known,
): readonly Wrong[] {
  return names.flatMap((name, index) =>
    there.includes(name) ? [] : [{ where: [...where, index], message: `there is no ${kind} \`${name}\`` }],
  )
}
