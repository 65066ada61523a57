import { always, type Cond } from '../cond/conditions.ts'
import { printCond } from '../cond/print.ts'
import { sourceOf, type BuiltObject } from '../kbuild/built-objects.ts'
import { createLocator, objectLines } from '../kbuild/print-objects.ts'
import type { KbuildDirectory } from '../review/knowledge.ts'
import { assertNever } from '../text/assert-never.ts'
import type { Tree } from '../text/tree.ts'
import type { Thing } from './language-place.ts'

/** Words of a value that are shown: more fit on no screen. */
const maxWords = 20

/** What is known of a thing, in the markdown that editors show: its value, when it is there, and where that is said. */
export function hoverText(thing: Thing, tree: Tree): string {
  switch (thing.kind) {
    case 'symbol': {
      const { name, type, prompts, definitions } = thing.symbol
      const prompt = prompts[0] === undefined ? 'no prompt' : `"${prompts[0].text}"`
      const places = definitions.map(({ at }) => createLocator(tree)(at))
      return lines(`\`CONFIG_${name}\`: ${type}, ${prompt}`, [`defined at ${places.join(', ')}`])
    }
    case 'object':
      return objectText(thing, tree)
    case 'directory': {
      const found = thing.at.model.directories.get(thing.path.replace(/\/$/, ''))
      const when = found === undefined ? 'make does not come there' : whenText(thing.at, found.when)
      return lines(`\`${thing.path}\`: ${when}`, found === undefined ? [] : [`makefile: ${found.makefile}`])
    }
    case 'variable':
      return thing.names.map((name) => variableText(name, thing.at, tree)).join('\n')
    default:
      return assertNever(thing)
  }
}

/** What builds an object: when, into what, from which source, and which lines say so. */
export function builtText(
  path: string,
  places: readonly BuiltObject[],
  { model }: Pick<KbuildDirectory, 'model'>,
): string {
  const [line] = objectLines(model, [places])
  if (line === undefined) return `\`${path}\`: never built`
  const source = sourceOf(model.tree, path)
  return lines(`\`${path}\`: ${line.when === 'always' ? 'always built' : `built where ${line.when}`}, ${line.place}`, [
    ...(source === null ? [] : [`from ${source}`]),
    ...line.origins.map((origin) => `listed at ${origin}`),
  ])
}

function objectText({ path, word, at, places }: Extract<Thing, { kind: 'object' }>, tree: Tree): string {
  const composite = at.directory.lists.composites.get(word)
  if (composite === undefined || places.length > 0) return builtText(path, places, at)
  const parts = [...composite.builtinParts, ...composite.moduleParts]
  const locate = createLocator(tree)
  const told = new Map(
    parts.map((part) => [part.text, `\`${part.text}\` ${whenText(at, part.when)} (${locate(part.origin)})`]),
  )
  return lines(`\`${path}\` is linked from`, [...told.values()].slice(0, maxWords))
}

function variableText(name: string, at: KbuildDirectory, tree: Tree): string {
  const { evaluation } = at.directory
  const locate = createLocator(tree)
  const { words, unknown } = evaluation.words(name)
  const shown = words.slice(0, maxWords).map(({ text, when, origin }) => {
    const place = origin.file === '' ? '' : ` (${locate(origin)})`
    return `\`${text}\` ${whenText(at, when)}${place}`
  })
  const rest = words.length > maxWords ? [`and ${words.length - maxWords} more`] : []
  const set = [...new Set(evaluation.settings.filter((each) => each.name === name).map(({ span }) => locate(span)))]
  return lines(`\`${name}\`, defined ${whenText(at, evaluation.defined(name))}`, [
    ...shown,
    ...rest,
    ...unknown.map((each) => `not known: \`${each.unknown.key}\`: ${each.unknown.reason}`),
    ...(set.length === 0 ? ['set outside of this makefile'] : [`set at ${set.join(', ')}`]),
  ])
}

function whenText({ model }: KbuildDirectory, when: Cond): string {
  return when === always ? 'always' : `where ${printCond(model.conditions, when)}`
}

function lines(head: string, rest: readonly string[]): string {
  return [head, '', ...rest.map((line) => `- ${line}`), ''].join('\n')
}
