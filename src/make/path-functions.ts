/** The functions that ask the file system: answered from the tree, where that is given, and never from the disk. */
import { always } from '../cond/conditions.ts'
import { listOnce } from '../text/list-once.ts'
import type { Tree } from '../text/tree.ts'
import { globTree } from './glob.ts'
import { overTexts, wordList } from './lists.ts'
import type { Machine } from './machine.ts'
import type { TextFunction } from './text-functions.ts'
import type { Value } from './value.ts'
import { emptyValue, unknownValue } from './value.ts'
import { nowhere, wordsOf } from './guarded-words.ts'
import type { Word } from './guarded-words.ts'
import { absolutePath, pathFromTop, withoutDots } from './working-directory.ts'
import type { WorkingDirectory } from './working-directory.ts'

const argument = (args: readonly Value[], index: number): Value => args[index] ?? emptyValue

/** Path functions by name; `prefix` is what `$(srctree)` is, which stands for the top of the tree. */
export type PathFunction = (machine: Machine, args: readonly Value[], prefix: string) => Value

export const pathFunctions: Readonly<Record<string, PathFunction>> = {
  wildcard: (machine, args, prefix) =>
    overTexts(machine, [argument(args, 0)], ([patterns = '']) => wildcard(machine, patterns, prefix)),
}

export const abspath: TextFunction = (machine, args) => {
  const { directory } = machine.surroundings
  const { words, unknown } = wordsOf(machine.values, argument(args, 0))
  const relative = words.find((word) => !word.text.startsWith('/'))
  if (relative !== undefined && directory === null) {
    const key = `$(abspath ${relative.text})`
    return unknownValue({ kind: 'external', reason: 'the directory of the build is not known', key }, relative.origin)
  }
  const absolute = (text: string): string => (directory === null ? withoutDots(text) : absolutePath(directory, text))
  return wordList({ words: words.map((word) => ({ ...word, text: absolute(word.text) })), unknown })
}

/** The files of the tree that exist (GNU make function.c func_realpath()); a symbolic link leads where the tree does not say. */
export function realpath({ values, surroundings }: Machine, args: readonly Value[]): Value {
  const { tree, directory } = surroundings
  const { words, unknown } = wordsOf(values, argument(args, 0))
  const found: Word[] = []
  for (const word of words) {
    const path = tree === null || directory === null ? null : pathFromTop(directory, word.text)
    const kind = tree === null || path === null ? 'unknown' : kindOf(tree, path)
    if (directory === null || kind === 'unknown') {
      const key = `$(realpath ${word.text})`
      return unknownValue(
        { kind: 'external', reason: `\`${word.text}\` is not known to be in the tree`, key },
        word.origin,
      )
    }
    if (kind === 'there') found.push({ ...word, text: absolutePath(directory, word.text) })
  }
  return wordList({ words: found, unknown })
}

/** Whether a path is there, as far as no part of it is a symbolic link. */
function kindOf(tree: Tree, path: string): 'there' | 'missing' | 'unknown' {
  let directory = ''
  for (const part of path.split('/').filter((each) => each !== '')) {
    const entry = listOnce(tree)(directory).find(({ name }) => name === part)
    if (entry === undefined) return 'missing'
    if (entry.kind === 'symlink') return 'unknown'
    directory = directory === '' ? part : `${directory}/${part}`
  }
  return 'there'
}

function wildcard(machine: Machine, patterns: string, prefix: string): Value {
  const { tree, directory } = machine.surroundings
  const found: string[] = []
  for (const pattern of patterns.split(/[ \t\n]+/).filter((each) => each !== '')) {
    const matches = tree === null ? null : matchesOf(tree, pattern, placeOf(directory, prefix))
    if (matches === null) {
      const reason = tree === null ? 'no tree to look into' : `\`${pattern}\` lies outside the tree`
      return unknownValue({ kind: 'external', reason, key: `$(wildcard ${patterns})` }, null)
    }
    found.push(...matches)
  }
  const words = found.map((text) => ({ text, when: always, origin: nowhere }))
  return wordList({ words, unknown: [] })
}

/** What stands in front of a path of the tree, in a makefile: before absolute patterns, and before all others. */
type Place = { readonly top: string; readonly base: string }

function placeOf(directory: WorkingDirectory | null, prefix: string): Place {
  if (directory === null) return { top: prefix === '' ? '' : `${prefix}/`, base: '' }
  return { top: `${directory.root}/`, base: directory.path === '' ? '' : `${directory.path}/` }
}

/** The files that match, spelled as the pattern is; null for a pattern that leads out of the tree. */
function matchesOf(tree: Tree, pattern: string, { top, base }: Place): readonly string[] | null {
  const isFromTop = top !== '' && pattern.startsWith(top)
  if (isFromTop) return globTree(tree, pattern.slice(top.length))?.map((path) => top + path) ?? null
  if (pattern.startsWith('/')) return null
  return globTree(tree, base + pattern)?.map((path) => path.slice(base.length)) ?? null
}
