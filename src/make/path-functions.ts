/** The functions that ask the file system: answered from the tree, where that is given, and never from the disk. */
import { always } from '../cond/conditions.ts'
import type { Tree } from '../text/tree.ts'
import { globTree } from './glob.ts'
import { overTexts, wordList } from './lists.ts'
import type { Machine } from './machine.ts'
import type { TextFunction } from './text-functions.ts'
import type { Value } from './value.ts'
import { emptyValue, unknownValue } from './value.ts'
import { nowhere, wordsOf } from './guarded-words.ts'

const argument = (args: readonly Value[], index: number): Value => args[index] ?? emptyValue

/** Path functions by name; `prefix` is what `$(srctree)` is, which stands for the top of the tree. */
export type PathFunction = (machine: Machine, args: readonly Value[], prefix: string) => Value

export const pathFunctions: Readonly<Record<string, PathFunction>> = {
  wildcard: (machine, args, prefix) =>
    overTexts(machine, [argument(args, 0)], ([patterns = '']) => wildcard(machine, patterns, prefix)),
}

export const abspath: TextFunction = (machine, args) => {
  const { words, unknown } = wordsOf(machine.values, argument(args, 0))
  const relative = words.find((word) => !word.text.startsWith('/'))
  if (relative !== undefined) {
    const key = `$(abspath ${relative.text})`
    return unknownValue({ kind: 'external', reason: 'the directory of the build is not known', key }, relative.origin)
  }
  return wordList({ words: words.map((word) => ({ ...word, text: normalise(word.text) })), unknown })
}

/** An absolute path without `.`, `..` and double slashes (function.c abspath()). */
function normalise(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

function wildcard(machine: Machine, patterns: string, prefix: string): Value {
  const { tree } = machine.surroundings
  const found: string[] = []
  for (const pattern of patterns.split(/[ \t\n]+/).filter((each) => each !== '')) {
    const matches = tree === null ? null : matchesOf(tree, pattern, prefix)
    if (matches === null) {
      const reason = tree === null ? 'no tree to look into' : `\`${pattern}\` lies outside the tree`
      return unknownValue({ kind: 'external', reason, key: `$(wildcard ${patterns})` }, null)
    }
    found.push(...matches)
  }
  const words = found.map((text) => ({ text, when: always, origin: nowhere }))
  return wordList({ words, unknown: [] })
}

/** The files that match, spelled as the pattern is; null for a pattern that leads out of the tree. */
function matchesOf(tree: Tree, pattern: string, prefix: string): readonly string[] | null {
  const lead = prefix === '' ? '' : `${prefix}/`
  const isPrefixed = lead !== '' && pattern.startsWith(lead)
  const within = isPrefixed ? pattern.slice(lead.length) : pattern
  const matches = globTree(tree, within)
  return matches === null ? null : matches.map((path) => (isPrefixed ? lead + path : path))
}
