import { never } from '../../src/cond/conditions.ts'
import { pathIn } from '../../src/kbuild/built-objects.ts'
import { programsOf } from '../../src/kbuild/programs.ts'
import { exprWords, textOf } from '../../src/make/expr-text.ts'
import { kbuildDirectories } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { definitionsIn } from '../../src/review/recipe-variables.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import { indexLines, lineRange } from '../../src/text/line-index.ts'
import { targetLines } from './target-lines.ts'

/**
 * A program of `hostprogs` is compiled for the machine that builds, with its headers. include/ and arch/ARCH/include are the kernel's:
 * written for its compiler, with the types and the configuration of the target. tools/include has what programs need of them.
 *
 * Told are such directories among the flags of host programs, and in their sources generated headers, `linux/kconfig.h` and conditions on
 * `CONFIG_` symbols. Silent on include/uapi, which is made for programs, on `<linux/...>` itself, which a host may have, and
 * on sources in other directories than the makefile's own. A source is looked at with the makefile that lists it.
 */
export default defineRule({
  id: 'cc-hostprog-kernel-headers',
  severity: 'warning',
  scope: 'tree',
  summary: 'A program of the host is compiled with the headers or the configuration of the target.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) if (isPartOfBuild(makefile)) reportFlags(makefile, context)
    for (const found of kbuildDirectories(context)) reportSources(found, context)
  },
})

function reportFlags({ syntax, text, path }: MakefileView, { report }: TreeContext): void {
  for (const { name, value } of definitionsIn(syntax)) {
    if (!/^(?:HOST_EXTRACX?X?FLAGS|(?:KBUILD_)?HOSTC(?:XX)?FLAGS(?:_[\w./-]+)?)$/.test(name)) continue
    for (const word of exprWords(text, value)) {
      const directory = /^-(?:I|isystem|idirafter|include)[ \t]*(.*)$/.exec(textOf(text, word))?.[1]
      if (directory === undefined || !isOfTarget(directory)) continue
      const message = `\`${name}\` gives a program of the host the headers of the kernel: \`${textOf(text, word)}\``
      const evidence = ['tools/include has what programs need of them']
      report({ at: { file: path, ...word.range }, message, evidence, subject: `${name} ${directory}` })
    }
  }
}

/** Whether a directory or file holds headers of the target: include/ and arch/ARCH/include, without uapi and tools/. */
function isOfTarget(directory: string): boolean {
  const path = directory.replaceAll(/\$[({](?:srctree|objtree)[)}]\/?/g, '').replace(/^(?:\.\.\/|\.\/)+/, '')
  return /^include(?:\/(?!uapi)|$)|^arch\/[^/]+\/include(?:\/(?!(?:generated\/)?uapi)|$)/.test(path)
}

function reportSources({ model, directory }: KbuildDirectory, { tree, report }: TreeContext): void {
  for (const program of programsOf(model, directory, 'host')) {
    const names = [
      ...program.parts.map(({ text }) => text.replace(/\.o$/, '')),
      ...(program.single === never ? [] : [program.word.text]),
    ]
    for (const path of new Set(names.map((name) => `${pathIn(directory, name)}.c`))) {
      const text = path.startsWith(`${directory.path}/`) ? tree.read(path) : null
      if (text === null) continue
      const [first] = targetLines(text)
      const range = first === undefined ? null : lineRange(indexLines(text), first.line)
      if (first === undefined || range === null) continue
      const message = `a program of the host, \`${program.word.text}\`, ${first.what}`
      report({ at: { file: path, ...range }, message, subject: `${path} ${first.what}` })
    }
  }
}
