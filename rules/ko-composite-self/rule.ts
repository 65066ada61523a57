import { never } from '../../src/cond/conditions.ts'
import { pathIn, sourceOf } from '../../src/kbuild/built-objects.ts'
import type { Composite } from '../../src/kbuild/directory-lists.ts'
import { anyOf, wordsWhen } from '../../src/kbuild/guarded-list.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import { kbuildDirectories, whenHolds } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'

/**
 * An object with `codec-objs`, `codec-y`, `codec-m` or `codec-` is linked from those, and codec.c is not looked at
 * (scripts/Makefile.lib, `multi-search` and `real-search`; Documentation/kbuild/makefiles.rst "Composite objects"). So an object in
 * its own list waits for itself, and a source beside the list is left out in silence.
 *
 * Silent on an object that is never a module: built in, the parts of a list go into the archive one by one, and each is made from its
 * source. Silent where the lists are not known, and where another object of the directory is made from the source all the same.
 */
export default defineRule({
  id: 'ko-composite-self',
  severity: 'error',
  scope: 'tree',
  summary: 'An object is linked from a list that holds it itself, or that passes over the source of its name.',
  since: '0.1.0',
  check(context) {
    for (const found of kbuildDirectories(context)) {
      for (const [name, composite] of found.directory.lists.composites) {
        for (const part of partsOfModule(found, name, composite)) checkPart(found, { name, part }, context)
        checkSource(found, { name, composite }, context)
      }
    }
  },
})

/** The parts of a composite that it is linked from as a module, each once. Built in, the parts go into the archive one by one. */
function partsOfModule(
  { model: { conditions }, directory }: KbuildDirectory,
  name: string,
  composite: Composite,
): readonly Word[] {
  const listed = anyOf(
    conditions,
    directory.lists.module.filter(({ text }) => text === name),
  )
  return wordsWhen(conditions, composite.moduleParts, conditions.and(listed, composite.inModule))
}

type Part = { readonly name: string; readonly part: Word }

function checkPart(found: KbuildDirectory, { name, part }: Part, { report, tree }: TreeContext): void {
  const { text, origin, when } = part
  if (text !== name) return
  const source = sourceOf(tree, pathIn(found.directory, name))
  report({
    at: origin,
    subject: name,
    message: `\`${name}\` is in the list that it is linked from itself`,
    ...whenHolds(found, when),
    evidence: [
      ...(source === null ? [] : [`${source} is not compiled`]),
      'make drops the circular prerequisite and links the rest',
    ],
  })
}

/** A source of the composite's own name that nothing in the directory compiles. */
function checkSource(
  found: KbuildDirectory,
  { name, composite }: { readonly name: string; readonly composite: Composite },
  { report, tree }: TreeContext,
): void {
  const { directory } = found
  const source = sourceOf(tree, pathIn(directory, name))
  if (source === null || directory.lists.unknown.length > 0) return
  const parts = [...directory.lists.composites.values()].flatMap(({ moduleParts }) => moduleParts)
  if (parts.some(({ text }) => text === name)) return
  const { conditions } = found.model
  const [first] = composite.moduleParts
  const plain = conditions.not(conditions.and(composite.inBuiltin, composite.inModule))
  // Where the list is empty in some configuration, the source is compiled in that one.
  if (first === undefined || plain !== never) return
  report({ at: first.origin, subject: source, message: `${source} is not compiled: \`${name}\` is linked from a list` })
}
