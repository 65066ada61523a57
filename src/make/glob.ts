import { listOnce } from '../text/list-once.ts'
import type { Tree } from '../text/tree.ts'

/** In steps of matching one name with one pattern: more than this is not written by people. */
const maxSteps = 200_000

/**
 * The paths of a tree that match a pattern with `*`, `?` and `[...]`, sorted; a pattern without these matches what exists.
 * Null for a pattern that is absolute or leads out of the tree, as what is there is not known.
 */
export function globTree(tree: Tree, pattern: string): readonly string[] | null {
  if (pattern.startsWith('/')) return null
  let spelled: readonly string[] = ['']
  const budget = { steps: maxSteps }
  const parts = pattern.split('/')
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1
    const next: string[] = []
    for (const directory of spelled) {
      const step = stepInto(tree, { directory, part, isLast }, budget)
      if (step === null) return null
      next.push(...step)
    }
    spelled = next
  }
  return [...spelled].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

type Step = { readonly directory: string; readonly part: string; readonly isLast: boolean }

/** What one part of a pattern leads to from one directory; each path spelled as the pattern spells it. */
function stepInto(tree: Tree, { directory, part, isLast }: Step, budget: { steps: number }): readonly string[] | null {
  if (part === '') return isLast ? [directory] : [`${directory}/`]
  if (part === '.' || part === '..') {
    const path = resolvePath(directory + part)
    return path === null ? null : [isLast ? directory + part : `${directory}${part}/`]
  }
  const at = resolvePath(directory)
  if (at === null) return null
  if (--budget.steps < 0) return null
  const found: string[] = []
  const isPattern = /[*?[\\]/.test(part)
  for (const { name, kind } of listOnce(tree)(at)) {
    if (!isLast && kind !== 'directory') continue
    if (--budget.steps < 0) return null
    if (isPattern ? matchName(name, part) : name === part) found.push(directory + name + (isLast ? '' : '/'))
  }
  return found
}

/** A path without `.` and `..`, from the top of the tree; null where it leads out. */
function resolvePath(path: string): string | null {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.join('/')
}

/** fnmatch(3) for one name: a leading dot is matched by a dot alone. Backtracks to the last `*` only, so it is quadratic at worst. */
export function matchName(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false
  let [at, from] = [0, 0]
  let star = -1
  let resume = 0
  while (at < name.length) {
    if (pattern.charAt(from) === '*') {
      star = from++
      resume = at
      continue
    }
    const width = matchCharacter(name.charAt(at), pattern, from)
    if (width > 0) {
      at++
      from += width
    } else if (star !== -1) {
      from = star + 1
      at = ++resume
    } else return false
  }
  while (pattern.charAt(from) === '*') from++
  return from === pattern.length
}

/** How many characters of the pattern match one character of a name; 0 if they do not. */
function matchCharacter(character: string, pattern: string, from: number): number {
  const first = pattern.charAt(from)
  if (first === '?') return 1
  if (first === '\\' && from + 1 < pattern.length) return pattern.charAt(from + 1) === character ? 2 : 0
  const close = first === '[' ? pattern.indexOf(']', from + 2) : -1
  if (close === -1) return first === character && first !== '' ? 1 : 0
  return inSet(character, pattern.slice(from + 1, close)) ? close - from + 1 : 0
}

/** Whether a character is of a set such as `a-z0`, or not of one such as `!a-z`. */
function inSet(character: string, set: string): boolean {
  const isNegated = set.startsWith('!') || set.startsWith('^')
  let isIn = false
  for (let at = isNegated ? 1 : 0; at < set.length; at++) {
    const [low, high] =
      set.charAt(at + 1) === '-' && at + 2 < set.length
        ? [set.charAt(at), set.charAt(at + 2)]
        : [set.charAt(at), set.charAt(at)]
    if (high !== low) at += 2
    if (low <= character && character <= high) isIn = true
  }
  return isIn !== isNegated
}
