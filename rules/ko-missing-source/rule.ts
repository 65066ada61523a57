import { never, type Cond } from '../../src/cond/conditions.ts'
import { objectsOf, pathIn } from '../../src/kbuild/built-objects.ts'
import type { FileOrigin } from '../../src/kbuild/generated-files.ts'
import { hasPlainSource } from '../../src/kbuild/plain-sources.ts'
import { programsOf } from '../../src/kbuild/programs.ts'
import { isEntered, kbuildDirectories, settingLines, whenHolds } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'
import { hasFile } from '../../src/text/entry-kind.ts'
import type { Span } from '../../src/text/span.ts'
import type { Tree } from '../../src/text/tree.ts'

/**
 * What a list names has to come from somewhere: a source of the same name, a rule of the makefile, or pattern rules from something
 * that does in turn (scripts/Makefile.build, Makefile.lib, Makefile.host; GNU make, `implicit.c`). Otherwise make stops: "No rule to make
 * target".
 *
 * Silent where no configuration of any architecture lists the object, as Kconfig has it; where a rule of a makefile is not known in full
 * that might make it; on directories that make is not sent to; and on the objects of those that recipes alone lead to, for make goes
 * there for certain files and not for all that is listed; and on device trees beside overlays that are written for a later kernel.
 */
export default defineRule({
  id: 'ko-missing-source',
  severity: 'error',
  scope: 'tree',
  absence: true,
  summary: 'A list names an object or program that no source and no rule makes.',
  since: '0.1.0',
  check(context) {
    // Without the scripts of the tree it is not known what they make.
    if (context.tree.read('scripts/Makefile.build') === null) return
    for (const found of kbuildDirectories(context)) {
      const files = listedFiles(found, context)
      if (files.length > 0 && isEntered(found)) for (const file of files) checkFile(found, file, context)
    }
  },
})

/** A file that a directory lists, relative to it. */
type Listed = {
  readonly word: string
  readonly when: Cond
  readonly at: Span
  /** The files any of which will do: of a program the sources. */
  readonly from: readonly string[]
}

/** What a directory lists, but for what plainly has a source. */
function listedFiles(found: KbuildDirectory, { tree }: TreeContext): readonly Listed[] {
  const { model, directory } = found
  const below = directory.path === '.' ? '' : `${directory.path}/`
  const isCompiled = hasPlainSource(model)
  const isSource = hasFile(tree)
  const objects = objectsOf(model.conditions, directory).flatMap(({ path, own, origins }): Listed[] => {
    const [at] = origins
    if (at === undefined || isCompiled(path) || !path.startsWith(below)) return []
    const word = path.slice(below.length)
    return [{ word, when: own, at, from: [word] }]
  })
  const programs = (['host', 'user'] as const).flatMap((world) =>
    programsOf(model, directory, world).flatMap(({ word, parts, single, sources }): Listed[] => [
      ...(single === never
        ? []
        : [{ word: word.text, when: single, at: word.origin, from: sources.map(({ ending }) => word.text + ending) }]),
      ...parts.map(({ text, when, origin }) => ({
        word: text,
        when,
        at: origin,
        from: [text.replace(/\.o$/, '.c'), text.replace(/\.o$/, '.cc'), text],
      })),
    ]),
  )
  const made = [...directory.lists.always, ...directory.lists.extra].filter(
    ({ text }) => /^[\w][\w./+-]*\.(?:o|dtbo?)$/.test(text) && !isCompiled(pathIn(directory, text)),
  )
  // `dtb-$(CONFIG_X)` stands in `dtb-y` where X is y, and in `dtb-` where all device trees are wanted.
  const written = Map.groupBy(made, ({ text, origin }) => `${text} ${origin.file} ${origin.start}`)
  const others = [...written.values()].flatMap(([first]): Listed[] =>
    first === undefined ? [] : [{ word: first.text, when: first.when, at: first.origin, from: [first.text] }],
  )
  const isOpen = ({ from: [first] }: Listed): boolean => first === undefined || !isSource(pathIn(directory, first))
  return [...(found.reached ? objects : []), ...programs.filter(isOpen), ...others]
}

function checkFile(
  found: KbuildDirectory,
  { word, when, at, from }: Listed,
  { tree, report, unsure }: TreeContext,
): void {
  const { conditions } = found.model
  let left = when
  const origins: FileOrigin[] = []
  for (const file of from) {
    const origin = found.originOf(file)
    if (origin.kind === 'unknown') {
      unsure(at, origin.because)
      return
    }
    origins.push(origin)
    left = conditions.without(left, origin.when)
    if (left === never) return
  }
  if (/\.dtbo?$/.test(word) && hasUnknownOverlays(found, tree)) {
    unsure(at, 'there are overlays in .dtso files, which the scripts of this kernel do not know')
    return
  }
  const script = scriptFor(word, tree)
  if (script !== null) {
    unsure(at, `a rule of ${script} makes such files from lists that are not followed`)
    return
  }
  const witness = found.witness(left, 'any')
  if (witness.kind === 'unknown')
    unsure(at, `no source makes \`${word}\`; it is not known whether any configuration lists it`)
  if (witness.kind !== 'found') return
  const tried = [...new Set(origins.flatMap((origin) => (origin.kind === 'none' ? origin.tried : [])))]
  report({
    at,
    subject: `${found.directory.path} ${word}`,
    message: `no source and no rule makes \`${word}\``,
    ...whenHolds(found, left),
    evidence: [
      ...(tried.length === 0 ? [] : [`make looks for ${tried.slice(0, 3).join(', ')}`]).filter(fits),
      ...settingLines(witness),
    ],
  })
}

/** Whether a directory has sources for another kernel than this: overlays are .dtso since 6.2, and were .dts before. */
function hasUnknownOverlays({ directory }: KbuildDirectory, tree: Tree): boolean {
  if (!tree.list(directory.path).some(({ name }) => name.endsWith('.dtso'))) return false
  return !['lib', 'build', 'dtbs'].some((name) => tree.read(`scripts/Makefile.${name}`)?.includes('.dtso') === true)
}

/** A script that has a pattern for names with the same two endings, `%.blob.o`: its targets may be any list of the directory. */
function scriptFor(word: string, tree: Tree): string | null {
  const ending = /\.[^./]+\.[^./]+$/.exec(word)?.[0]
  if (ending === undefined) return null
  const scripts = tree.list('scripts').flatMap(({ name }) => (name.startsWith('Makefile.') ? [`scripts/${name}`] : []))
  return scripts.find((path) => tree.read(path)?.includes(`%${ending}`) === true) ?? null
}

/** Evidence stands in a mail as it is. */
function fits(line: string): boolean {
  return line.length <= 70
}
