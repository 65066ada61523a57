import { always } from '../../src/cond/conditions.ts'
import { rulesOf } from '../../src/kbuild/directory-rules.ts'
import { kbuildDirectories } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import { descentsAtOnce } from './descents.ts'

/**
 * With `-j`, make runs the recipes of two prerequisites at once where neither needs the other. Two sub-makes for one directory then
 * make the same files: its host programs, its objects, their `.cmd` files.
 *
 * Told of the top and arch makefiles, where both are prerequisites of one target there and `$(build)=` is followed by the same words. Silent where
 * one needs the other, at any depth, below conditions, with `.NOTPARALLEL`, and on two that only a user asks for together. In a
 * directory, files with a phony prerequisite and a plain recipe are told: such a file is never up to date.
 */
export default defineRule({
  id: 'kc-parallel-phony-race',
  severity: 'warning',
  scope: 'tree',
  summary: 'Two makes may run in one directory at once, or a file waits for what is always new.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) if (makefile.world === 'top') reportDescents(makefile, context)
    for (const found of kbuildDirectories(context)) reportPhony(found, context)
  },
})

function reportDescents(makefile: MakefileView, { report }: TreeContext): void {
  for (const { parent, first, second } of descentsAtOnce(makefile)) {
    report({
      at: { file: makefile.path, ...second.range },
      message: `\`${first.name}\` and \`${second.name}\` may both run make in \`${second.directory}\` at once: \`${parent}\` needs them in no order`,
      subject: `${first.name} ${second.name}`,
      related: [{ at: { file: makefile.path, ...first.range }, message: 'the other' }],
      evidence: ['both make what the directory needs for either, .cmd files too'],
    })
  }
}

/** What compares, or leaves a file alone that is as it should be. */
const comparing = /\bif_changed|\bfilechk\b|\bcmp\b|\bdiff\b|\bcall\b|\btest\b|\[ /

function reportPhony({ model, directory }: KbuildDirectory, { report }: TreeContext): void {
  const rules = rulesOf(model.conditions, directory.evaluation)
  for (const rule of rules.all) {
    const [target] = rule.targets
    if (rule.recipe.length === 0 || rule.kind === 'pattern' || !target?.text.startsWith(`${directory.path}/`)) continue
    if (rules.phony(target.text) === always || rule.recipe.some(({ text }) => comparing.test(text))) continue
    const phony = rule.prerequisites.find(
      ({ text, origin }) => text !== 'FORCE' && origin.file !== '' && rules.phony(text) === always,
    )
    if (phony === undefined) continue
    const name = target.text.slice(directory.path.length + 1)
    const message = `\`${name}\` is made by each build: \`${phony.text}\` is phony, and never older`
    report({ at: phony.origin, message, subject: `${name} ${phony.text}` })
  }
}
