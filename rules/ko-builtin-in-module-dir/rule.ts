import { never } from '../../src/cond/conditions.ts'
import { pathIn } from '../../src/kbuild/built-objects.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import { kbuildDirectories, settingLines, whenHolds, witnessOnOwnArch } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'

/**
 * What `obj-y` lists is linked into the kernel only where each directory on the way is in `obj-y` too: below `obj-m`, scripts/Makefile.build
 * is called without need-builtin and leaves it out, and make says nothing (scripts/Makefile.build, "Descending";
 * Documentation/kbuild/makefiles.rst, "Descending down in directories").
 *
 * Told only with a configuration in which the object is lost, worked out from Kconfig as conf would; silent where there is none, or none
 * was found. Asked for the architecture of the directory, for others than those below arch/ x86_64, and where that never builds the object
 * for any.
 */
export default defineRule({
  id: 'ko-builtin-in-module-dir',
  severity: 'error',
  scope: 'tree',
  summary: 'An object is to be built in where make comes by `obj-m`: it is linked into nothing.',
  since: '0.1.0',
  check(context) {
    for (const found of kbuildDirectories(context)) if (found.reached) checkDirectory(found, context)
  },
})

function checkDirectory(found: KbuildDirectory, { symbols, report, unsure }: TreeContext): void {
  const { model, directory } = found
  const { conditions } = model
  // What `subdir-y` leads to is another rule's.
  const lost = conditions.without(directory.needModorder, directory.needBuiltin)
  if (lost === never) return
  const told = new Set<string>()
  for (const word of directory.lists.builtin) {
    const when = conditions.and(word.when, lost)
    if (when === never || word.text.endsWith('/') || told.has(word.text)) continue
    const witness = witnessOnOwnArch(found, when, symbols)
    if (witness.kind === 'unknown')
      unsure(word.origin, `whether a configuration builds \`${word.text}\` in and its directory as modules`)
    if (witness.kind !== 'found') continue
    told.add(word.text)
    report({
      at: word.origin,
      subject: word.text,
      message: `\`${word.text}\` is linked into nothing where it is built in and ${directory.path}/ is reached by \`obj-m\``,
      ...whenHolds(found, when),
      evidence: settingLines(witness),
      related: leadingWords(found).map(({ origin }) => ({ at: origin, message: 'make comes here by this word' })),
    })
  }
}

/** The words of the directories above that lead to one, at most two. */
function leadingWords({ model, directory }: KbuildDirectory): readonly Word[] {
  const parents = directory.path.split('/').map((_, at, parts) => parts.slice(0, at).join('/') || '.')
  const words = parents.flatMap((path) => {
    const parent = model.directories.get(path)
    if (parent === undefined) return []
    const { builtin, module } = parent.lists
    return [...module, ...builtin].filter(({ text }) => text.endsWith('/') && pathIn(parent, text) === directory.path)
  })
  return words
    .filter(({ origin }, at) => words.findIndex((each) => each.origin.start === origin.start) === at)
    .slice(0, 2)
}
