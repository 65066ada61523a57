import { always, never } from '../../src/cond/conditions.ts'
import { printCond } from '../../src/cond/print.ts'
import { sharedScripts, type SharedScript } from '../../src/kbuild/external-module.ts'
import { normalise } from '../../src/kbuild/parsed-files.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'

/**
 * The scripts that modules are linked with are evaluated as for `M=dir`, under all configurations. There nothing of the kernel is
 * built, and it may be a package of headers: a prerequisite must be made by a rule of that mode, or be what such a package has.
 *
 * Silent on what is below the module, scripts/, include/, tools/ and arch/, which are prepared or shipped (`oot-needed-file-not-shipped`
 * asks for those one by one), on Module.symvers, on files of the tree, on words that are not known, and on patterns for what no module is
 * linked from, such as `%.dtb`. `$(wildcard vmlinux)` and
 * `$(and $(KBUILD_BUILTIN),vmlinux)` are empty in that mode, so there is nothing to say.
 */
export default defineRule({
  id: 'oot-intree-only-prereq',
  severity: 'error',
  scope: 'tree',
  summary: 'A script that external modules are built with needs a file that only the build of the kernel makes.',
  since: '0.1.0',
  check(context) {
    const reviewed = new Set(context.makefiles.filter(({ world }) => world === 'core').map(({ path }) => path))
    if (reviewed.size === 0) return
    const seen = new Set<string>()
    for (const script of sharedScripts) {
      const found = context.closures().sharedScript(script, 'external')
      if (found === null || !found.files.some(({ path }) => reviewed.has(path))) continue
      for (const { word, target } of lackingIn(found, context)) {
        const place = `${word.origin.file} ${word.origin.start}`
        if (!reviewed.has(word.origin.file) || seen.has(place)) continue
        seen.add(place)
        context.report({
          at: word.origin,
          message: `\`${target}\` needs \`${word.text}\`, and with \`M=dir\` nothing makes it: no external module can be built`,
          subject: `${script} ${word.text}`,
          evidence: [`${script} builds external modules as well`],
          ...(word.when !== always && { when: printCond(found.conditions, word.when, { maxLength: 100 }) }),
        })
      }
    }
  },
})

/** The prerequisites that nothing makes with `M=`, and what needs them. */
function lackingIn(
  { rules }: SharedScript,
  context: TreeContext,
): readonly { readonly word: Word; readonly target: string }[] {
  const isMade = (name: string): boolean =>
    rules.target(name) !== null || rules.phony(name) !== never || rules.patterns(name).some(({ stem }) => stem !== name)
  return rules.all.flatMap(({ kind, targets, prerequisites, orderOnly }) => {
    const target = targets[0]?.text
    if (target === undefined || target.startsWith('.') || (kind === 'pattern' && !isOfModules(target))) return []
    return [...prerequisites, ...orderOnly]
      .filter((word) => isOfKernel(word, context) && !isMade(word.text))
      .map((word) => ({ word, target }))
  })
}

/** Whether what a pattern stands for is made on the way to a module (scripts/Makefile.build, .modpost and .modfinal). */
function isOfModules(pattern: string): boolean {
  return /\.(?:[oa]|ko|mod|mod\.[co]|order|symvers)$/.test(pattern)
}

/** Whether a word names a file that only the build of a kernel leaves in its top directory, or in a directory of its sources. */
function isOfKernel({ text, when }: Word, { tree }: TreeContext): boolean {
  if (when === never || text === 'FORCE' || /[%/]$|^\/|%|^\.\./.test(text)) return false
  const path = normalise(text)
  return !/^(?:scripts|include|tools|arch)\//.test(path) && path !== 'Module.symvers' && tree.blob(path) === null
}
