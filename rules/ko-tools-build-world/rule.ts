import { exprWords, textOf } from '../../src/make/expr-text.ts'
import { rulesWithRecipes } from '../../src/make/recipes.ts'
import type { Expr } from '../../src/make/cst.ts'
import { definitionsIn } from '../../src/review/recipe-variables.ts'
import { defineRule, type MakefileView, type TreeContext, type World } from '../../src/review/rule.ts'

/**
 * tools/ is a build of its own, with tools/build/Makefile.build, OUTPUT= and its own way to clean. The kernel's build has `hostprogs`
 * and `userprogs` for programs that it needs (Documentation/kbuild/makefiles.rst, "Host Program support", "Userspace Program
 * support"); the top makefile says above `tools/` that no further entry is to come.
 *
 * Silent on what Linux has had for long: objtool and resolve_btfids, flags of programs of the host, and targets that pass on to
 * tools/ whatever is asked (`tools/%`). nolibc is there for programs that run on the target: only the scripts of Kbuild are to know
 * nothing of it. Silent on sources of tools/ that something is made from, on samples, and on recipes: `kselftest` and the packages start builds there on purpose.
 */
export default defineRule({
  id: 'ko-tools-build-world',
  severity: 'warning',
  scope: 'tree',
  summary: 'The build of the kernel reaches into tools/, which is built by rules of its own.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) {
      if (!ofKernel.has(makefile.world) || makefile.path.startsWith('samples/')) continue
      checkPrerequisites(makefile, context)
      checkFlags(makefile, context)
    }
  },
})

const ofKernel: ReadonlySet<World> = new Set(['kbuild', 'top', 'core'])

/** Programs of tools/ that the kernel's build has needed since before it had better ways. */
const established = /^tools\/(?:objtool|bpf\/resolve_btfids)(?:\/|$)/

/** Something other than a file of tools/ waits for a build there. */
function checkPrerequisites(makefile: MakefileView, { tree, report }: TreeContext): void {
  const { syntax, text, path } = makefile
  for (const { rule } of rulesWithRecipes(syntax)) {
    const targets = textOf(text, rule.targets)
    if (toolOf(targets) !== null) continue
    for (const word of exprWords(text, rule.right)) {
      const tool = toolOf(textOf(text, word))
      if (tool === null || established.test(tool) || tree.read(tool) !== null) continue
      report({
        at: { file: path, start: word.range.start, end: word.range.end },
        subject: `${targets} ${tool}`,
        message: `\`${targets.trim()}\` waits for \`${tool}\`, which is not built by Kbuild`,
        evidence: ['`hostprogs` builds programs that the build needs,', 'for O=, clean and cross builds too'],
      })
    }
  }
}

/** A path below tools/ as makefiles write it, without what stands for the tree. */
function toolOf(word: string): string | null {
  return (
    /^(?:\$[({](?:srctree|objtree|abs_srctree|abs_objtree)[)}]\/)?(tools\/[\w./-]+)$/.exec(word.trim())?.[1] ?? null
  )
}

/** Flags for code of the kernel or of the target. `HOST...` and `..._host...` are for programs of the build. */
function checkFlags({ syntax, text, path }: MakefileView, { report }: TreeContext): void {
  for (const { name, value } of definitionsIn(syntax)) {
    if (!isFlags(name)) continue
    for (const word of exprWords(text, value)) {
      const header = headerIn(word, text)
      if (header === null || (isNolibc(header) && !path.startsWith('scripts/'))) continue
      report({
        at: { file: path, start: word.range.start, end: word.range.end },
        subject: `${name} ${header}`,
        message: `\`${name}\` takes headers from ${header}, which are there for programs of tools/`,
        evidence: ['tools/include changes with tools/, not with the kernel'],
      })
    }
  }
}

function isFlags(name: string): boolean {
  return /flags/i.test(name) && !/host/i.test(name)
}

/** Whether headers are those of the small libc, which programs without another one may take. */
function isNolibc(header: string): boolean {
  return /^tools\/include\/nolibc(?:\/|$)/.test(header)
}

function headerIn(word: Expr, text: string): string | null {
  const found = /\$[({](?:abs_)?srctree[)}]\/(tools\/(?:include|lib|arch)[\w./-]*)/.exec(textOf(text, word))
  return found?.[1] ?? null
}
