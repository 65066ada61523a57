import { normalise } from '../../src/kbuild/parsed-files.ts'
import { srcIsSource } from '../../src/kbuild/separate-build.ts'
import { textOf } from '../../src/make/expr-text.ts'
import type { Report } from '../../src/review/finding.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import { commandsOf, type SimpleCommand } from '../../src/review/shell-commands.ts'
import { hidesErrors } from '../../src/review/shell-effects.ts'
import { filesWritten } from '../../src/review/shell-files.ts'
import { programName } from '../../src/review/shell-program.ts'
import { scriptsOf, type Script } from '../../src/review/shell-scripts.ts'

/**
 * What a command writes is told by its redirections, `-o`, and the operands of programs that make files; a word that begins with
 * `$(srctree)` or, where it leads to the sources, `$(src)` is among them.
 *
 * Silent on a file that is in the tree, or is named `_shipped`: it is made anew for who asks for that. On git where something stands for the
 * case that it says nothing: `||`, discarded errors, a look for .git before. And on scripts/package, which packs what git has.
 */
export default defineRule({
  id: 'kp-writes-srctree',
  severity: 'error',
  scope: 'tree',
  summary: 'A build step writes into the source tree, or asks git about it.',
  since: '0.1.0',
  check(context) {
    const source = srcIsSource(context.tree)
      ? /^["']?\$[({](srctree|abs_srctree|src)[)}]["']?(?=$|\/)/
      : /^["']?\$[({](srctree|abs_srctree)[)}]["']?(?=$|\/)/
    for (const makefile of context.makefiles) {
      if (!isPartOfBuild(makefile) || /^scripts\/(?:Makefile\.package$|package\/)/.test(makefile.path)) continue
      for (const script of scriptsOf(makefile.syntax)) {
        const commands = commandsOf(script.expr, makefile.text)
        const found = commands.flatMap((command) => [
          ...writesIn(command, { makefile, source, context }),
          ...asksGit(command, script, makefile),
        ])
        found.forEach(context.report)
      }
    }
  },
})

type Asked = { readonly makefile: MakefileView; readonly source: RegExp; readonly context: TreeContext }

function writesIn(command: SimpleCommand, { makefile, source, context }: Asked): readonly Report[] {
  const { path, text } = makefile
  return filesWritten(command).flatMap((word): readonly Report[] => {
    const written = text.slice(word.start, word.end)
    const [prefix, variable] = source.exec(written) ?? []
    if (prefix === undefined || variable === undefined) return []
    const rest = written.slice(prefix.length).replace(/["']$/, '')
    const directory = variable === 'src' ? path.slice(0, Math.max(0, path.lastIndexOf('/'))) : ''
    if (context.tree.blob(normalise(directory + rest).replace(/^\//, '')) !== null || rest.endsWith('_shipped'))
      return []
    const better = variable === 'src' ? '$(obj)' : '$(objtree)'
    return [
      {
        at: { file: path, start: word.start, end: word.end },
        message: `\`${written}\` is written in the source tree, which may be read-only and have other builds`,
        subject: written,
        evidence: [`${better} is the place of what a build makes`],
      },
    ]
  })
}

function asksGit(command: SimpleCommand, { expr }: Script, { path, text }: MakefileView): readonly Report[] {
  if (programName(command) !== 'git' || command.separator === '||' || hidesErrors(command)) return []
  if (/\.git\b(?!ignore)|command -v git|git --version/.test(textOf(text, expr).replaceAll('--git-dir', ''))) return []
  return [
    {
      at: { file: path, start: command.start, end: command.end },
      severity: 'warning',
      message: 'this asks git, and sources from a tarball have no .git: the build gets an error message, or nothing',
      evidence: ['scripts/setlocalversion shows how to do without'],
    },
  ]
}
