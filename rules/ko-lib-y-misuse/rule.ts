import { never } from '../../src/cond/conditions.ts'
import { whereHeld } from '../../src/kbuild/guarded-list.ts'
import { kbuildDirectories, whenHolds } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'
import type { Tree } from '../../src/text/tree.ts'

/**
 * `lib-y` makes a lib.a of the directory, which is linked only where `libs-y` of the top or arch makefile names the directory (Makefile,
 * `KBUILD_VMLINUX_LIBS`; Documentation/kbuild/makefiles.rst, "Library file goals - lib-y"). Elsewhere nothing is linked from it.
 *
 * Silent where a makefile of an architecture or of its boot code names the lib.a, as that of the EFI stub, where the top makefile is not
 * there to say, and on directories that make is not sent to.
 */
export default defineRule({
  id: 'ko-lib-y-misuse',
  severity: 'warning',
  scope: 'tree',
  summary: 'Objects of `lib-y` that nothing links: the directory is not in `libs-y`, or `obj-y` has them too.',
  since: '0.1.0',
  check(context) {
    for (const found of kbuildDirectories(context)) {
      if (!found.reached || found.model.top.evaluation === null) continue
      checkArchive(found, context)
      checkListedTwice(found, context)
    }
  },
})

function checkArchive(found: KbuildDirectory, { tree, report }: TreeContext): void {
  const { directory, model } = found
  const [first] = directory.lists.library
  if (first === undefined || isLinked(found, tree)) return
  report({
    at: first.origin,
    subject: 'lib-y',
    message: `\`lib-y\` of ${directory.path}/ is linked into nothing: \`libs-y\` does not name the directory`,
    ...whenHolds({ model }, first.when),
    evidence: ['`obj-y` is what links an object into the kernel'],
  })
}

/** Whether `libs-y` names the directory, or some makefile its lib.a. */
function isLinked({ directory, model }: KbuildDirectory, tree: Tree): boolean {
  const named = model.top.evaluation?.words('libs-y').words ?? []
  if (named.some(({ text }) => text === `${directory.path}/` || text === `${directory.path}/lib.a`)) return true
  const archive = `${directory.path}/lib.a`
  return tree
    .list('arch')
    .some(({ name }) =>
      ['Makefile', 'boot/Makefile', 'boot/compressed/Makefile'].some(
        (file) => tree.read(`arch/${name}/${file}`)?.includes(archive) === true,
      ),
    )
}

/** scripts/Makefile.lib takes out of `lib-y` what `obj-y` has. */
function checkListedTwice(found: KbuildDirectory, { report }: TreeContext): void {
  const { directory, model } = found
  if (!directory.evaluation.names.includes('lib-y')) return
  const builtin = whereHeld(model.conditions, directory.lists.builtin)
  for (const { text, when, origin } of directory.evaluation.words('lib-y').words) {
    const both = model.conditions.and(when, builtin.get(text) ?? never)
    if (both === never) continue
    report({
      at: origin,
      subject: text,
      severity: 'info',
      message: `\`${text}\` is in \`obj-y\` too, which takes it out of \`lib-y\``,
      ...whenHolds(found, both),
    })
  }
}
