import { textOf } from '../../src/make/expr-text.ts'
import type { Report } from '../../src/review/finding.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView } from '../../src/review/rule.ts'
import { scriptsOf } from '../../src/review/shell-scripts.ts'
import { maskedCommands, type MaskedCommand } from './masked-commands.ts'

/**
 * The status of a recipe line is that of its last command. `cmd` and `filechk` put `set -e` before theirs, which stops at a command that
 * fails, but not at the left of a pipe, nor in a list with `&&` or `||` before its last (POSIX, set -e). Where a failure is lost, the half-made target stays, and is newer than
 * what it is made from.
 *
 * Only told of the command that makes the target, `> $@` or `-o $@`; and of a pipe where a program or script of the tree
 * stands at its left: `$(NM) $< | sort > $@` is how everybody writes it. Silent where something looks at the status, and on
 * targets that are no files: help, clean.
 */
export default defineRule({
  id: 'kc-failure-masked',
  severity: 'warning',
  scope: 'tree',
  summary: 'The command that makes a target may fail, and the build goes on with what it has written.',
  since: '0.1.0',
  check({ makefiles, report }) {
    for (const makefile of makefiles) {
      if (!isPartOfBuild(makefile)) continue
      for (const script of scriptsOf(makefile.syntax)) {
        if (script.kind === 'shell') continue
        for (const masked of maskedCommands(script, makefile)) {
          const { start, end } = masked.command
          report({ at: { file: makefile.path, start, end }, ...describe(masked, makefile) })
        }
      }
    }
  },
})

function describe({ masking, command, next }: MaskedCommand, { text }: MakefileView): Omit<Report, 'at'> {
  const shown = oneLine(textOf(text, { range: command }))
  const follows = next === null ? '' : oneLine(textOf(text, { range: next }))
  const subject = `${masking} ${shown}`
  switch (masking) {
    case 'dash':
      return { subject, message: `\`-\` hides that \`${shown}\` failed, and what it has written stays as the target` }
    case 'or true':
      return {
        subject,
        message: `\`${follows}\` hides that \`${shown}\` failed, and what it has written stays as the target`,
      }
    case 'sequence':
      return {
        subject,
        message: `\`${shown}\` may fail: the recipe ends with the status of what follows \`;\``,
        evidence: plainRecipe,
      }
    case 'loop':
      return {
        subject,
        message: `\`${shown}\` may fail in the loop: only the status of its last round counts`,
        evidence: plainRecipe,
      }
    case 'pipe':
      return {
        subject,
        message: `\`${shown}\` may fail: a pipe ends with the status of its last command`,
        evidence: pipeEvidence,
      }
    case 'and list':
      return {
        subject,
        message: `\`${shown}\` may fail: \`set -e\` does not stop at a command before \`&&\`, and more follows`,
      }
  }
}

const plainRecipe = [
  '`$(call cmd,...)` and `if_changed` run commands under `set -e`,',
  'a recipe line of its own does not',
]
const pipeEvidence = [
  'neither `set -e` nor `.DELETE_ON_ERROR` sees it:',
  'a half-written target is newer than what it is made from',
]

function oneLine(text: string): string {
  const line = text.replaceAll(/\s*\\\n\s*|\s+/g, ' ')
  return line.length <= 60 ? line : `${line.slice(0, 57)}...`
}
