import { never } from '../../src/cond/conditions.ts'
import { pathIn } from '../../src/kbuild/built-objects.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import { kbuildDirectories, whenHolds } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'
import { entryKind } from '../../src/text/entry-kind.ts'

/**
 * `subdir-y` and `subdir-m` only descend: what the makefile below lists for the kernel or for modules is not linked into either
 * (scripts/Makefile.build, "Build" of subdirectories: need-builtin and need-modorder come from obj-y and obj-m alone;
 * Documentation/kbuild/makefiles.rst, "Descending down in directories"). A word of `obj-y` without `/` at its end is an object.
 *
 * Silent where the directory is reached by `obj-y` or `obj-m` too in the same configuration, on directories that no makefile leads
 * to as far as is known, and on words that a text of the configuration is part of.
 */
export default defineRule({
  id: 'ko-subdir-visits-module',
  severity: 'error',
  scope: 'tree',
  absence: true,
  summary: 'A directory with objects is reached in a way that links none of them, or is listed as an object.',
  since: '0.1.0',
  check(context) {
    const directories = kbuildDirectories(context)
    for (const found of directories) if (found.reached) checkWords(found, context)
    const below = directories.flatMap((found) => visitedBy(found, context))
    const each = new Map([...directories, ...below].map((found) => [found.directory.makefile, found]))
    for (const found of each.values()) if (found.reached) checkVisit(found, context)
  },
})

/** The directories that the `subdir-` lists of a makefile lead to. */
function visitedBy({ model, directory }: KbuildDirectory, context: TreeContext): readonly KbuildDirectory[] {
  const words = ['subdir-y', 'subdir-m'].flatMap((name) => directory.evaluation.words(name).words)
  return words.flatMap(({ text }) => {
    const makefile = model.directories.get(pathIn(directory, text))?.makefile
    return (makefile !== undefined && context.directory(makefile)) || []
  })
}

function checkVisit({ model, directory }: KbuildDirectory, { report }: TreeContext): void {
  const { conditions } = model
  const { lists, when, needBuiltin, needModorder } = directory
  const unlinked = conditions.without(when, conditions.or(needBuiltin, needModorder))
  if (unlinked === never) return
  for (const word of [...lists.builtin, ...lists.module]) {
    const lost = conditions.and(word.when, unlinked)
    if (lost === never || word.text.endsWith('/')) continue
    const from = visitors({ model, directory })
    report({
      at: word.origin,
      subject: 'objects of a visited directory',
      message: `\`${word.text}\` is linked into nothing: make comes here by \`subdir-y\` alone`,
      ...whenHolds({ model }, lost),
      related: from.map(({ origin }) => ({
        at: origin,
        message: `here; \`obj-y\` with a slash at the end would link it`,
      })),
    })
    return
  }
}

/** The words of `subdir-` lists that lead to a directory. */
function visitors({ model, directory }: Pick<KbuildDirectory, 'model' | 'directory'>): readonly Word[] {
  const parents = directory.path.split('/').map((_, at, parts) => parts.slice(0, at).join('/') || '.')
  return parents.flatMap((path) => {
    const parent = model.directories.get(path)
    const words = parent && ['subdir-y', 'subdir-m'].flatMap((name) => parent.evaluation.words(name).words)
    return (words ?? []).filter(({ text }) => parent && pathIn(parent, text) === directory.path)
  })
}

function checkWords(found: KbuildDirectory, { report, tree }: TreeContext): void {
  const { builtin, module } = found.directory.lists
  const kindOf = entryKind(tree)
  const seen = new Set<number>()
  for (const word of [...builtin, ...module]) {
    const { text, origin, when } = word
    if (seen.has(origin.start)) continue
    seen.add(origin.start)
    const path = pathIn(found.directory, text.replace(/\/$/, ''))
    if (text.endsWith('/')) {
      if (['Makefile', 'Kbuild'].some((name) => kindOf(`${path}/${name}`) !== null)) continue
      const what = kindOf(path) === 'directory' ? 'has no makefile' : 'is no directory'
      const message = `\`${text}\` ${what}: make stops when it is sent there`
      report({ at: origin, subject: path, message, ...whenHolds(found, when) })
    } else if (kindOf(path) === 'directory') {
      report({
        at: origin,
        subject: path,
        message: `\`${text}\` is a directory, but without \`/\` at its end it is taken for an object`,
        ...whenHolds(found, when),
        suggestion: {
          message: 'add the slash',
          edits: [{ at: { ...origin, start: origin.end }, text: '/' }],
        },
      })
    }
  }
}
