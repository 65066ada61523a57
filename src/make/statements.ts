/** The statements of a makefile, each done under the condition under which make reaches it (GNU make read.c eval()). */
import { never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import { assertNever } from '../text/assert-never.ts'
import { doAssignment, doDefine, doUndefine } from './assignments.ts'
import type { Conditional, Eval, Export, Include, Node, Test } from './cst.ts'
import { append, assign, definedCond, lookUp } from './environment.ts'
import type { Machine } from './machine.ts'
import { maxDepth } from './machine.ts'
import { parseMakefile, parseRange } from './parse.ts'
import { addRecipeLine, closeRules, doRule } from './rules.ts'
import { spend } from './scope.ts'
import { sourceText, spanIn } from './script.ts'
import type { Script } from './script.ts'
import { equalCond, nonEmptyCond } from './tests.ts'
import { emptyValue, textValue } from './value.ts'
import { askFor, variableValue } from './lookup.ts'
import { wordsOf } from './guarded-words.ts'
import { worldsOf } from './worlds.ts'
import { pathFromTop } from './working-directory.ts'

/** Does statements in order; what can never be reached is not looked at, as make does not expand it either. */
export function runNodes(machine: Machine, nodes: readonly Node[], script: Script, guard: Cond): void {
  for (const node of nodes) runNode(machine, node, script, guard)
}

function runNode(machine: Machine, node: Node, script: Script, guard: Cond): void {
  spend(machine.values.budget, 1)
  if (node.kind !== 'blank' && node.kind !== 'recipe' && node.kind !== 'conditional') closeRules(machine, guard)
  switch (node.kind) {
    case 'assignment':
      doAssignment(machine, node, script, guard)
      return
    case 'define':
      doDefine(machine, node, script, guard)
      return
    case 'undefine':
      doUndefine(machine, node, script, guard)
      return
    case 'conditional':
      doConditional(machine, node, script, guard)
      return
    case 'include':
      doInclude(machine, node, script, guard)
      return
    case 'rule':
      doRule(machine, node, script, guard)
      return
    case 'recipe':
      if (!addRecipeLine(machine, node, script, guard) && !node.certain) {
        runNodes(machine, parseRange(script.makefile.text, node.range), script, guard)
      }
      return
    case 'eval':
      doEval(machine, node, script, guard)
      return
    case 'export':
      doExport(machine, node, script, guard)
      return
    case 'bad':
      machine.findings.stops.push({ when: guard, message: node.message, origin: spanIn(script, node.range) })
      return
    case 'vpath':
    case 'load':
    case 'blank':
      return
    default:
      assertNever(node)
  }
}

function doConditional(machine: Machine, node: Conditional, script: Script, guard: Cond): void {
  const { conditions } = machine
  let rest = guard
  for (const branch of node.branches) {
    if (rest === never) return
    const test = branch.test === null ? rest : conditions.and(rest, testCond(machine, branch.test, script, rest))
    if (test !== never) runNodes(machine, branch.body, script, test)
    rest = conditions.without(rest, test)
  }
}

/** The condition under which a test holds, wherever it is asked. */
function testCond(machine: Machine, test: Test, script: Script, guard: Cond): Cond {
  const { conditions, values } = machine
  switch (test.kind) {
    case 'eq':
    case 'neq': {
      const left = machine.expand(test.left, script, guard)
      const equal = equalCond(values, left, machine.expand(test.right, script, guard))
      return test.kind === 'eq' ? equal : conditions.not(equal)
    }
    case 'def':
    case 'ndef': {
      let isDefined: Cond = never
      for (const world of worldsOf(values, machine.expand(test.name, script, guard))) {
        const key = `ifdef ${world.text}`
        const cond =
          world.unknown === null
            ? hasValueCond(machine, world.text.trim())
            : conditions.atom({ kind: 'undecided', key })
        isDefined = conditions.or(isDefined, conditions.and(world.when, cond))
      }
      return test.kind === 'def' ? isDefined : conditions.not(isDefined)
    }
    case 'bad':
      machine.findings.stops.push({ when: guard, message: test.message, origin: spanIn(script, test.range) })
      return conditions.atom({ kind: 'undecided', key: sourceText(script, test.range) })
  }
}

/** `ifdef` asks whether the variable has any text, unexpanded (read.c conditional_line()). */
function hasValueCond(machine: Machine, name: string): Cond {
  const { conditions } = machine
  const { definitions } = askFor(machine, name)
  return definitions.reduceRight<Cond>((sum, { body, when }) => {
    const hasText =
      body.kind === 'value'
        ? conditions.and(when, nonEmptyCond(machine.values, body.value))
        : body.expr.parts.length > 0
          ? when
          : never
    return conditions.or(hasText, sum)
  }, never)
}

/** A line of references alone: most expand to nothing, as `$(eval ...)` and `$(warning ...)`; the rest must be a rule. */
function doEval(machine: Machine, node: Eval, script: Script, guard: Cond): void {
  const site = spanIn(script, node.range)
  for (const { when, text, unknown } of worldsOf(machine.values, machine.expand(node.expr, script, guard))) {
    const reached = machine.conditions.and(when, guard)
    if (reached === never) continue
    if (unknown !== null) {
      machine.findings.unknownEffects.push({ when: reached, unknown, origin: site, names: null })
      continue
    }
    const line = text.replace(/[\n\r]+/g, ' ').trim()
    if (line === '') continue
    const makefile = parseMakefile(line)
    const generated = { file: script.file, makefile, site }
    for (const statement of makefile.nodes) {
      if (statement.kind === 'rule') doRule(machine, statement, generated, reached)
      else if (statement.kind !== 'blank') {
        machine.findings.stops.push({ when: reached, message: 'missing separator', origin: site })
      }
    }
  }
}

function doExport(machine: Machine, node: Export, script: Script, guard: Cond): void {
  const origin = spanIn(script, node.range)
  const names = node.names === null ? null : wordsOf(machine.values, machine.expand(node.names, script, guard)).words
  machine.findings.exports.push({ modifier: node.modifier, names, when: guard, origin })
  for (const { text, when } of names ?? []) defineExported(machine, text, machine.conditions.and(when, guard))
}

/** A name that is exported, or not, is a variable from then on: an empty one, so that a later `?=` does nothing (read.c eval()). */
function defineExported(machine: Machine, name: string, when: Cond): void {
  const { environment, conditions } = machine
  const undefinedWhen = conditions.without(when, definedCond(environment, lookUp(environment, name)))
  if (undefinedWhen === never) return
  const change = { when: undefinedWhen, span: null, isOverride: false, flavour: 'simple' as const }
  assign(environment, name, { kind: 'value', value: emptyValue }, change)
}

function doInclude(machine: Machine, node: Include, script: Script, guard: Cond): void {
  const { words, unknown } = wordsOf(machine.values, machine.expand(node.paths, script, guard))
  for (const each of unknown) {
    const when = machine.conditions.and(each.when, guard)
    if (when !== never) machine.findings.unknownEffects.push({ ...each, when, names: null })
  }
  for (const { text: path, when, origin } of words) {
    const reached = machine.conditions.and(when, guard)
    if (reached === never) continue
    const inTree = pathInTree(machine, path)
    const isNested = inTree === null || machine.including.has(inTree) || machine.depth >= maxDepth
    const makefile = isNested ? null : machine.surroundings.include(inTree)
    const found = makefile !== null
    machine.findings.includes.push({ path, file: inTree, when: reached, optional: node.optional, found, origin })
    if (makefile === null || inTree === null) continue
    noteMakefile(machine, path, reached)
    machine.including.add(inTree)
    machine.depth++
    runNodes(machine, makefile.nodes, { file: inTree, makefile, site: null }, reached)
    machine.depth--
    machine.including.delete(inTree)
  }
}

/** A path without `$(srctree)/` and `./` in front; where make runs elsewhere, null for one outside of the tree. */
function pathInTree(machine: Machine, path: string): string | null {
  const { directory } = machine.surroundings
  if (directory !== null) return pathFromTop(directory, path)
  const [world, other] = worldsOf(machine.values, variableValue(machine, 'srctree', machine.conditions.not(never)))
  const prefix = world?.unknown === null && other === undefined ? `${world.text}/` : './'
  const within = path.startsWith(prefix) ? path.slice(prefix.length) : path
  return within.replace(/^(\.\/+)+/, '')
}

function noteMakefile(machine: Machine, path: string, when: Cond): void {
  const value = textValue(path, null)
  const change = { when, span: null, isOverride: false }
  append(machine.environment, 'MAKEFILE_LIST', { deferred: { kind: 'value', value }, expanded: () => value }, change)
}
