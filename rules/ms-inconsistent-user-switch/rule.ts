import type { Expr, Node, Test } from '../../src/make/cst.ts'
import { literalText, textOf } from '../../src/make/expr-text.ts'
import { exprsOf, referencesOf, visitNodes, type Enclosing, type Reference } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { definitionsIn } from '../../src/review/recipe-variables.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'

/**
 * The top makefile takes `V`, `W`, `C`, `M` and `O` from the command line alone, and puts what they say into variables of other
 * names, which it exports. It is asked which: a tree whose top makefile does not do so for a letter says nothing about it.
 *
 * Silent where the makefile sets a variable of that name itself (`$(foreach M,...)` too), where the same statement asks for
 * the canonical one as well, below `$(origin V)`, and in makefiles that no kernel build reads: tools/ and the selftests take these
 * letters themselves.
 */
export default defineRule({
  id: 'ms-inconsistent-user-switch',
  severity: 'warning',
  scope: 'tree',
  summary: 'What was given on the command line is asked for by its letter, not by what the top makefile makes of it.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) {
      if (makefile.path === 'Makefile' || !isPartOfBuild(makefile) || !mayAsk.test(makefile.text)) continue
      const own = ownNames(makefile)
      for (const { node, enclosing } of visitNodes(makefile.syntax.nodes)) {
        for (const use of usesIn(node, makefile)) {
          if (!own.has(use.letter) && !asksOrigin(enclosing, use.letter, makefile)) reportUse(use, makefile, context)
        }
        reportLlvm(node, makefile, context)
      }
    }
  },
})

const mayAsk = /\$[({](?:[VWCMO]|LLVM)[)}]|\bif(?:n?def)[ \t]+[VWCMO]\b/

/** What the top makefile calls what a letter says. */
const canonicalNames: ReadonlyMap<string, string> = new Map([
  ['V', 'KBUILD_VERBOSE'],
  ['W', 'KBUILD_EXTRA_WARN'],
  ['C', 'KBUILD_CHECKSRC'],
  ['M', 'KBUILD_EXTMOD'],
  ['O', 'KBUILD_OUTPUT'],
])

type Use = { readonly letter: string; readonly expr: Expr | Reference; readonly statement: string }

/** The letters that a node asks for. */
function usesIn(node: Node, { text }: MakefileView): readonly Use[] {
  const named = node.kind === 'conditional' ? node.branches.flatMap(({ test }) => definedIn(test, text)) : []
  const referred = exprsOf(node).flatMap(({ expr }) =>
    referencesOf(expr).flatMap((reference): readonly Use[] => {
      const letter = literalText(text, reference.name)?.trim() ?? ''
      return canonicalNames.has(letter) ? [{ letter, expr: reference, statement: textOf(text, expr) }] : []
    }),
  )
  return [...named, ...referred]
}

function definedIn(test: Test | null, text: string): readonly Use[] {
  if (test?.kind !== 'def' && test?.kind !== 'ndef') return []
  const letter = literalText(text, test.name)?.trim() ?? ''
  return canonicalNames.has(letter) ? [{ letter, expr: test.name, statement: '' }] : []
}

/** The names that a makefile gives a value, as a variable, or in `$(foreach)`. */
function ownNames({ syntax, text }: MakefileView): ReadonlySet<string> {
  const each = [...text.matchAll(/\$[({](?:foreach|let)[ \t]+(\w+)[ \t]*,/g)].flatMap((match) => match[1] ?? [])
  return new Set([...definitionsIn(syntax).map(({ name }) => name), ...each])
}

function asksOrigin(enclosing: readonly Enclosing[], letter: string, { text }: MakefileView): boolean {
  const tests = enclosing.flatMap(({ conditional }) => conditional.branches.flatMap(({ test }) => test ?? []))
  return tests.some((test) => textOf(text, test).includes(`origin ${letter}`))
}

/** Where a kernel asks whether a letter was given on the command line: before Linux 6.8, of `W` in the script about warnings. */
const askedIn: readonly string[] = ['Makefile', 'scripts/Makefile.extrawarn']
const originTest = (letter: string): string => `"$(origin ${letter})", "command line"`

function reportUse(
  { letter, expr, statement }: Use,
  { path }: MakefileView,
  { makefile: open, report }: TreeContext,
): void {
  const name = canonicalNames.get(letter) ?? ''
  const asking = askedIn.flatMap((each) => open(each) ?? []).find(({ text }) => text.includes(originTest(letter)))
  if (asking === undefined || statement.includes(name)) return
  const line = asking.text.slice(0, asking.text.indexOf(originTest(letter))).split('\n').length
  report({
    at: { file: path, ...expr.range },
    message: `\`${letter}\` also comes from the environment, where Kbuild does not heed it: \`${name}\` is what it goes by`,
    evidence: [`${asking.path}:${line} takes \`${letter}\` from the command line only`],
  })
}

/** `ifeq ($(LLVM),1)`: LLVM may also be a directory or a suffix. */
function reportLlvm(node: Node, makefile: MakefileView, { makefile: open, report }: TreeContext): void {
  if (node.kind !== 'conditional') return
  for (const { test } of node.branches) {
    if (test?.kind !== 'eq' && test?.kind !== 'neq') continue
    const sides = [test.left, test.right].map((side) => textOf(makefile.text, side).trim().replaceAll('"', ''))
    if (!sides.includes('1') || !sides.some((side) => /^\$[({]LLVM[)}]$/.test(side))) continue
    if (open('Makefile')?.text.includes('LLVM_SUFFIX') !== true) continue
    report({ at: { file: makefile.path, ...test.range }, ...describeLlvm() })
  }
}

function describeLlvm(): Omit<Report, 'at'> {
  return {
    message:
      '`LLVM` may also be a directory or a version, `LLVM=/opt/llvm/bin/` or `LLVM=-18`: `1` is only one way to ask',
    evidence: [
      'Documentation/kbuild/llvm.rst, "The LLVM= argument";',
      '`CONFIG_CC_IS_CLANG` and `CONFIG_LD_IS_LLD` say what is used',
    ],
  }
}
