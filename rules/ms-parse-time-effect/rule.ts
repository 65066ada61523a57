import type { Node, Test } from '../../src/make/cst.ts'
import { literalText, textOf } from '../../src/make/expr-text.ts'
import { exprsOf, referencesOf, visitNodes, type Call, type Enclosing, type RoledExpr } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { definitionsByName, type Definition } from '../../src/review/recipe-variables.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import { commandsOf } from '../../src/review/shell-commands.ts'
import { programVariable } from '../../src/review/shell-program.ts'
import { effectsIn, effectsOfShellAssignment, type Effect } from './effects.ts'
import { isVisitedByClean } from './visited-by-clean.ts'
import { looksForFiles, reachedWhileCleaning, type Reached } from './while-cleaning.ts'

/**
 * scripts/Makefile.clean reads the makefile of every directory, without configuration; so does Makefile.asm-headers, and the top
 * makefile that of the architecture, for `make help` too. What make expands while it reads happens then as well.
 *
 * Silent under a condition that asks for configuration or goals and on the way that a clean does not take; unsure under any other
 * that says nothing of what is installed, and in a directory that no makefile above names, so that only a build enters it. Silent on `mkdir -p`, on the top makefile and the engine in scripts/, which know
 * what they are called for, and on probes that discard what they complain of. `=` is expanded where it is used.
 */
export default defineRule({
  id: 'ms-parse-time-effect',
  severity: 'warning',
  scope: 'tree',
  summary: 'Reading a makefile stops make, writes files or runs the toolchain, for `make clean` too.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) if (isReadForClean(makefile)) checkMakefile(makefile, context)
  },
})

function isReadForClean(makefile: MakefileView): boolean {
  const { world, path, text } = makefile
  if (!/\$[({](?:shell|error|file)\b|!=/.test(text)) return false
  return world === 'top' ? path !== 'Makefile' : world === 'kbuild' && isPartOfBuild(makefile)
}

function checkMakefile(makefile: MakefileView, { makefile: open, report, unsure }: TreeContext): void {
  const { syntax, path } = makefile
  const definitions = definitionsByName(syntax)
  for (const { node, enclosing } of visitNodes(syntax.nodes)) {
    for (const roled of exprsOf(node).filter((each) => isExpandedNow(node, each, makefile, definitions))) {
      const isShell = node.kind === 'assignment' && node.op === '!=' && roled.role === 'value'
      const effects = isShell
        ? effectsOfShellAssignment(roled.expr, makefile.text)
        : effectsIn(roled.expr, makefile.text)
      for (const effect of effects) {
        const at = { file: path, ...effect.call.range }
        const reached = reachedBy(effect, enclosing, { text: makefile.text, definitions })
        if (reached === 'no') continue
        if (reached === 'unknown') unsure(at, 'the conditions around it do not say whether `make clean` gets here')
        else if (!isReadByClean(makefile, open))
          unsure(at, 'no makefile above says that `make clean` visits this directory')
        else report({ at, ...describe(effect, makefile) })
      }
    }
  }
}

/** Whether `make clean` reads a makefile: that of an architecture with the top makefile, others as those above them say. */
function isReadByClean({ world, path }: MakefileView, open: TreeContext['makefile']): boolean {
  return world === 'top' || isVisitedByClean(directoryOf(path), open)
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

type Variables = { readonly text: string; readonly definitions: ReadonlyMap<string, readonly Definition[]> }

function reachedBy(effect: Effect, enclosing: readonly Enclosing[], variables: Variables): Reached {
  const reached = reachedWhileCleaning(enclosing, variables.text, (test) => testLooksForFiles(test, variables))
  if (reached === 'no' || effect.condition === null) return reached
  return effect.condition.looksForFiles ? reached : 'unknown'
}

/** Whether a condition asks for a program or file, itself or through a variable of the same file. */
function testLooksForFiles(test: Test, { text, definitions }: Variables): boolean {
  if (test.kind !== 'eq' && test.kind !== 'neq') return false
  const names = [test.left, test.right].flatMap(referencesOf).map(({ name }) => literalText(text, name) ?? '')
  const values = names.flatMap((name) => definitions.get(name) ?? []).map(({ value }) => value)
  return [test.left, test.right, ...values].some(looksForFiles)
}

/** Lists that scripts/Makefile.clean expands, whatever their flavour. */
const cleanedLists = /^(?:obj|subdir|always|extra|hostprogs-always|userprogs-always)-|^(?:hostprogs|userprogs|targets)$/

/** Whether make expands an expression while it reads the file, or right after it to clean. */
function isExpandedNow(
  node: Node,
  { role, expansion, expr }: RoledExpr,
  { text }: MakefileView,
  definitions: ReadonlyMap<string, readonly Definition[]>,
): boolean {
  if (role === 'recipe' || expr.parts.length === 0) return false
  if (expansion === 'immediate') return true
  if (node.kind !== 'assignment' || role !== 'value') return false
  const name = textOf(text, node.name).trim()
  if (cleanedLists.test(name)) return true
  return expansion === 'as first defined' && definitions.get(name)?.[0]?.op.endsWith(':=') === true
}

function describe({ kind, call }: Effect, makefile: MakefileView): Omit<Report, 'at'> {
  const { text } = makefile
  const subject = textOf(text, call).replaceAll(/\s*\\\n\s*|\s+/g, ' ')
  const shown = subject.length > maxShown ? `${subject.slice(0, maxShown - 3)}...` : subject
  switch (kind) {
    case 'stops':
      return {
        subject,
        severity: 'error',
        message: `\`${shown}\` stops make while it reads this file, for \`make clean\` too`,
      }
    case 'writes':
      return { subject, message: `\`${shown}\` changes files whenever make reads this file, for \`make clean\` too` }
    case 'compiles':
      return {
        subject,
        message: `\`${shown}\` runs the toolchain whenever make reads this file, for \`make clean\` too`,
        ...reproduction(call, makefile),
      }
  }
}

/** How much of a call is shown. */
const maxShown = 60

/** Reads the file as a clean does, with a compiler that there is not: make complains of it. */
function reproduction(call: Call, { path, text, world }: MakefileView): Pick<Report, 'reproduce'> {
  const [first] = call.args
  const variable =
    first === undefined
      ? undefined
      : commandsOf(first, text)
          .map(programVariable)
          .find((name) => name !== null)
  if (variable === undefined || !/^[\w./-]+$/.test(path)) return {}
  const reading =
    world === 'top' ? `make -nf ${path}` : `make -nf scripts/Makefile.clean srctree=. obj=${directoryOf(path)}`
  const goal = world === 'top' ? ' no-such-goal' : ''
  return { reproduce: [`${reading} ${variable}=no-such-compiler${goal} 2>&1 | grep no-such-compiler`] }
}
