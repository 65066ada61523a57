import type { Node, Part, Range } from '../../src/make/cst.ts'
import { exprWords, literalText, textOf } from '../../src/make/expr-text.ts'
import { exprsOf, visitParts } from '../../src/make/visit.ts'

/** A feature of GNU make at a place, and the release that brought it (GNU make NEWS). */
export type Feature = { readonly range: Range; readonly name: string; readonly since: string; readonly effect: string }

const functions: Readonly<Record<string, string>> = { let: '4.4', intcmp: '4.4', guile: '4.0' }
const operators: Readonly<Record<string, string>> = { ':::=': '4.4', '::=': '4.0', '!=': '4.0' }
const specialTargets: Readonly<Record<string, string>> = { '.NOTINTERMEDIATE': '4.4', '.EXTRA_PREREQS': '4.3' }

/** The features of a node that not every make has. The conditions of a conditional are left out: they are how one asks. */
export function featuresOf(node: Node, text: string): readonly Feature[] {
  if (node.kind === 'conditional' || node.kind === 'blank' || node.kind === 'bad') return []
  const parts = exprsOf(node).flatMap(({ expr }) => visitParts(expr))
  return [
    ...parts.flatMap((part) => functionAt(part, text)),
    ...(node.kind === 'rule' ? ruleFeatures(node, text) : []),
    ...assignmentFeature(node, text),
  ]
}

function functionAt(part: Part, text: string): readonly Feature[] {
  if (part.kind !== 'call') return []
  const since = functions[part.fn]
  const nothing = 'an older make takes it for a variable that is not set'
  if (since !== undefined) return [{ range: part.range, name: `$(${part.fn} ...)`, since, effect: nothing }]
  const [first] = part.args
  const operator = part.fn === 'file' && first !== undefined ? /^\s*([<>])/.exec(textOf(text, first))?.[1] : undefined
  if (operator === '<')
    return [{ range: part.range, name: '$(file < ...)', since: '4.2', effect: 'an older make does not read files' }]
  return operator === '>' ? [{ range: part.range, name: '$(file > ...)', since: '4.0', effect: nothing }] : []
}

function ruleFeatures(node: Extract<Node, { kind: 'rule' }>, text: string): readonly Feature[] {
  const found: Feature[] = []
  if (node.separator.startsWith('&')) {
    const separator = node.tokens.find(
      ({ kind, start, end }) => kind === 'op' && text.slice(start, end) === node.separator,
    )
    const effect = 'an older make runs the recipe for each target, and has one named `&`'
    found.push({ range: separator ?? node.targets.range, name: node.separator, since: '4.3', effect })
  }
  for (const word of exprWords(text, node.targets)) {
    const since = specialTargets[literalText(text, word) ?? '']
    if (since !== undefined)
      found.push({ range: word.range, name: textOf(text, word), since, effect: 'an older make takes it for a file' })
  }
  for (const word of exprWords(text, node.prerequisites)) {
    if (literalText(text, word) === '.WAIT') {
      found.push({ range: word.range, name: '.WAIT', since: '4.4', effect: 'an older make takes it for a file' })
    }
  }
  return found
}

function assignmentFeature(node: Node, text: string): readonly Feature[] {
  const assignment =
    node.kind === 'rule' ? node.assignment : node.kind === 'assignment' || node.kind === 'define' ? node : null
  const since = assignment === null ? undefined : operators[assignment.op]
  if (assignment === null || since === undefined || node.kind === 'bad') return []
  const tokens = 'tokens' in node ? node.tokens : []
  const token = tokens.find(({ kind, start, end }) => kind === 'op' && text.slice(start, end) === assignment.op)
  const effect = 'an older make takes it for part of the name'
  return [{ range: token ?? assignment.name.range, name: assignment.op, since, effect }]
}

/** A `#` inside of a reference: a comment to make before 4.3, which then misses the closing bracket. */
export function hashesIn(node: Node, text: string): readonly Feature[] {
  if (node.kind === 'recipe' || node.kind === 'define' || node.kind === 'blank' || node.kind === 'bad') return []
  const roled = exprsOf(node).filter(({ role }) => role !== 'recipe')
  return roled
    .flatMap(({ expr }) => expr.parts)
    .flatMap((part) => {
      const at = part.kind === 'literal' ? -1 : textOf(text, part).search(/(?<!\\)#/)
      if (at === -1) return []
      const start = part.range.start + at
      const effect = 'an older make sees a comment there, and misses the closing bracket'
      return [{ range: { start, end: start + 1 }, name: '#', since: '4.3', effect }]
    })
}
