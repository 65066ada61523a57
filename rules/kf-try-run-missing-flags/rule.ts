import type { Range } from '../../src/make/cst.ts'
import { literalText } from '../../src/make/expr-text.ts'
import { callsOf, exprsOf, visitNodes } from '../../src/make/visit.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'

/**
 * A probe that compiles with other flags than the compilation it decides about: `$(CC)` alone is Clang for the machine it runs on, as
 * `--target` is in `CLANG_FLAGS`.
 *
 * Silent where any variable of flags, or one that is not known to hold none, is on the command line; on what only asks the compiler for
 * a version or a path; in samples/, where most programs are compiled without these flags; and on the order of probes and flags in an architecture's makefile, of which it takes the flag's meaning to say
 * whether it matters.
 */
export default defineRule({
  id: 'kf-try-run-missing-flags',
  severity: 'warning',
  scope: 'tree',
  summary: 'A probe compiles with other flags than what it decides about.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles.filter(isPartOfBuild)) {
      if (makefile.path.startsWith('samples/') || !/\$[({]CC[)}]/.test(makefile.text)) continue
      for (const script of compilerScripts(makefile)) checkScript(script, makefile, context)
    }
  },
})

/** What `$(shell ...)` runs, or `$(call try-run,...)` with its first argument. */
function compilerScripts({ syntax, text }: MakefileView): readonly Range[] {
  const exprs = [...visitNodes(syntax.nodes)].flatMap(({ node }) => exprsOf(node)).map(({ expr }) => expr)
  const shells = exprs.flatMap((expr) => callsOf(expr, 'shell')).map(({ range }) => range)
  const tries = exprs
    .flatMap((expr) => callsOf(expr, 'call'))
    .flatMap(({ args: [name, script] }) =>
      name !== undefined && script !== undefined && literalText(text, name)?.trim() === 'try-run' ? [script.range] : [],
    )
  return [...shells, ...tries]
}

function checkScript(script: Range, { path, text }: MakefileView, { report }: TreeContext): void {
  for (const { start, end } of compilerCommands(text, script)) {
    const command = text.slice(start, end)
    if (!compiles(command)) continue
    const at = { file: path, start, end }
    if (!mayHaveFlags(command)) {
      report({
        at,
        subject: command,
        message: '`$(CC)` compiles here without the flags of the kernel: Clang does so for the machine it runs on',
        evidence: ['`--target` is in $(CLANG_FLAGS), which $(KBUILD_CPPFLAGS) has'],
        suggestion: { message: 'give it $(KBUILD_CPPFLAGS) and $(KBUILD_CFLAGS), or use `cc-option`', edits: [] },
      })
    } else if (
      /\s-W(?!error|[alp],|[alp]\$|no-)[a-z]/.test(command) &&
      !/-Werror(?![=\w])|[A-Z]FLAGS_WERROR/.test(command)
    ) {
      report({
        at,
        subject: command,
        message:
          'a warning that the compiler does not know is no error without `-Werror`: this probe finds nothing out',
      })
    }
  }
}

/** The commands of a script that `$(CC)` begins, each up to what ends a command of the shell. */
function compilerCommands(text: string, { start, end }: Range): readonly Range[] {
  const script = text.slice(start, end)
  return [...script.matchAll(/\$[({]CC[)}](?=\s)/g)].flatMap(({ index }) => {
    // Behind another word it is an argument: `echo $(CC)`.
    const before = script.slice(0, index).trimEnd()
    if (before !== '' && !/[;|&({,!]$|(?:^|[\s;(])(?:if|then|else|do|shell)$/.test(before.slice(-shortly))) return []
    const length = script.slice(index).search(/[;|]|&&|\)\s?>|\s\d?>/)
    const stop = length === -1 ? script.length : index + length
    return [{ start: start + index, end: start + stop - (length === -1 && script.endsWith(')') ? 1 : 0) }]
  })
}

/** Longer than any word of the shell's grammar that a command follows. */
const shortly = 8

/** Whether a command line makes the compiler read a source, and does not only ask what it is (gcc(1), "Overall Options"). */
function compiles(command: string): boolean {
  if (/\s--?(?:dump|print-|version|help|v\b)/.test(command)) return false
  return /\s-(?:c|S|E|fsyntax-only)(?:\s|$)|\s-x\s/.test(command)
}

/** References that hold no flags. */
const plain = /^\$(?:[({](?:CC|srctree|objtree|src|obj|comma|squote|quote|pound|TMPOUT)[)}]|\$)/

/** Whether flags of the kernel may be among the words: any reference may have them that is not known to be something else. */
function mayHaveFlags(command: string): boolean {
  if (/--target\b/.test(command)) return true
  return [...command.matchAll(/\$(?:\$|[({]|.)/g)].some(({ index }) => !plain.test(command.slice(index)))
}
