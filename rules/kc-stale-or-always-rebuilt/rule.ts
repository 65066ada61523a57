import { definitionsIn } from '../../src/review/recipe-variables.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import { commandsOf } from '../../src/review/shell-commands.ts'
import { misdirectedRules } from './own-target.ts'
import { outsideInputs } from './outside-inputs.ts'

/**
 * make compares times, `if_changed` the command, `filechk` the text: what a recipe takes from elsewhere makes its result stale, or
 * another with each build; a recipe that never compares makes everything behind it again.
 *
 * Only told where the recipe itself shows it. A recipe that compares in any way, that makes its file through a macro, that names its
 * target or anything that may be made of it is left alone, and so are targets without `$(obj)/`, which may be phony.
 */
export default defineRule({
  id: 'kc-stale-or-always-rebuilt',
  severity: 'warning',
  scope: 'tree',
  summary: 'A file is made again by each build, or depends on what make does not see.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) {
      if (!isPartOfBuild(makefile)) continue
      const { path } = makefile
      for (const { range, message, evidence } of outsideInputs(makefile)) {
        context.report({ at: { file: path, start: range.start, end: range.end }, message, evidence })
      }
      for (const report of misdirectedRules(makefile)) context.report(report)
      reportFilechk(makefile, context)
    }
  },
})

/** `filechk_X` is to print the file: the macro writes it where it has changed. */
function reportFilechk({ syntax, text, path }: MakefileView, { report }: TreeContext): void {
  if (!text.includes('filechk_')) return
  for (const { name, value } of definitionsIn(syntax)) {
    if (!name.startsWith('filechk_')) continue
    for (const { redirections } of commandsOf(value, text)) {
      for (const { op, fd, target } of redirections) {
        if (
          target === null ||
          fd === 2 ||
          !/^>>?$/.test(op) ||
          !/^"?\$[({]?@[)}]?"?$/.test(text.slice(target.start, target.end))
        )
          continue
        report({
          at: { file: path, start: target.start, end: target.end },
          severity: 'error',
          message: `\`${name}\` writes the target itself: \`filechk\` then replaces it by what was printed, which is nothing`,
          evidence: ['`filechk` compares what is printed with the file, and moves it there'],
        })
      }
    }
  }
}
