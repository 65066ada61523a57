import { separateBuild, sourcePath, srcIsSource } from '../../src/kbuild/separate-build.ts'
import { normalise } from '../../src/kbuild/parsed-files.ts'
import type { Evaluation } from '../../src/make/evaluation.ts'
import type { Report } from '../../src/review/finding.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import { commandsOf, type SimpleCommand } from '../../src/review/shell-commands.ts'
import { filesRead, type FileUse } from '../../src/review/shell-files.ts'
import { programName, programVariable } from '../../src/review/shell-program.ts'
import { scriptsOf } from '../../src/review/shell-scripts.ts'
import { literalOf } from '../../src/review/shell-words.ts'

/**
 * The commands of a makefile are read as a build with `O=` runs them: where they run there is nothing but what is built, and only
 * `$(srctree)` leads to the sources. Told is a word that a command runs or opens, names no file there, and without
 * its directory of objects is a file of the tree.
 *
 * Silent on what the build makes (it is not in the tree), on files whose name an automatic variable or a macro's argument is part of,
 * on commands behind `cd`, and on makefiles that no kernel build reads. make itself finds prerequisites by VPATH and `include` by
 * `--include-dir`; only the shell does not.
 */
export default defineRule({
  id: 'kp-script-without-srctree',
  severity: 'error',
  scope: 'tree',
  summary: 'A command opens a file of the sources by a name that does not lead there with `O=`.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) {
      if (!isPartOfBuild(makefile) || makefile.path === 'scripts/package/debian/rules') continue
      const evaluation = lazily(() => evaluationOf(makefile, context))
      for (const { expr } of scriptsOf(makefile.syntax)) {
        const commands = commandsOf(expr, makefile.text)
        if (commands.some((command) => programName(command) === 'cd')) continue
        for (const command of commands) for (const use of usesIn(command)) judge({ makefile, use, evaluation }, context)
      }
    }
  },
})

type Asked = { readonly makefile: MakefileView; readonly use: FileUse; readonly evaluation: () => Evaluation | null }

/** What a command runs and reads, and the makefile that `$(MAKE) -f` starts with: that one is not looked for by make. */
function usesIn(command: SimpleCommand): readonly FileUse[] {
  if (programVariable(command) !== 'MAKE') return filesRead(command)
  const words = command.words.map((word) => literalOf(word))
  const file = command.words[words.indexOf('-f') + 1]
  return words.includes('-f') && !words.includes('-C') && file !== undefined ? [{ word: file, how: 'read' }] : []
}

function judge({ makefile, use, evaluation }: Asked, { tree, report }: TreeContext): void {
  const { word, how } = use
  const written = makefile.text.slice(word.start, word.end)
  const name = nameOf(written, evaluation)
  if (name === null) return
  const at = { file: makefile.path, start: word.start, end: word.end }
  const source = sourcePath(name)
  if (source !== null) {
    if (how !== 'run' || tree.blob(source) === null || tree.isExecutable(source)) return
    report({ at, ...notExecutable(written, tree.read(source)) })
    return
  }
  const path = normalise(name)
  if (!path.includes('/') || tree.blob(path) === null) return
  report({ at, ...notThere(written, { path, makefile, at, src: srcIsSource(tree) ? '$(src)' : '$(srctree)/$(src)' }) })
}

/** The path that the shell gets, from where make runs; null where that is not known, or absolute. */
function nameOf(written: string, evaluation: Asked['evaluation']): string | null {
  if (/["'`*?~%]|\$[^({]|\$[({][@<^+*?%|\d]/.test(written)) return null
  if (!written.includes('$')) return written.includes('/') && !written.startsWith('/') ? written : null
  const found = evaluation()
  if (found === null) {
    const [, name] = /^\$[({]objtree[)}]\/([\w./+-]+)$/.exec(written) ?? []
    return name ?? null
  }
  const { words, unknown } = found.wordsOf(found.expand(written))
  const [only, ...more] = words
  return only === undefined || more.length > 0 || unknown.length > 0 || only.text.startsWith('/') ? null : only.text
}

function evaluationOf({ path, world }: MakefileView, { directory }: TreeContext): Evaluation | null {
  const found = world === 'kbuild' ? directory(path) : null
  return found === null ? null : (separateBuild(found.model, found.directory.path)?.evaluation ?? null)
}

type Missing = {
  readonly path: string
  readonly makefile: MakefileView
  readonly at: Report['at']
  /** How the makefile's own directory of the sources is written in this tree. */
  readonly src: string
}

function notThere(written: string, where: Missing): Omit<Report, 'at'> {
  const { path, makefile, at, src } = where
  const directory = makefile.path.slice(0, Math.max(0, makefile.path.lastIndexOf('/')))
  const name = path.slice(directory.length + 1)
  const isBeside = directory !== '' && makefile.world === 'kbuild' && path === `${directory}/${name}`
  const text = isBeside ? `${src}/${name}` : `$(srctree)/${path}`
  return {
    message: `with \`O=\` there is no \`${written}\`: the file is in the source tree, and the command runs where the objects are`,
    subject: `${makefile.path} ${written}`,
    evidence: [`${path} is in the tree, and no rule makes it`],
    suggestion: { message: `use \`${text}\``, edits: [{ at, text }] },
  }
}

function notExecutable(written: string, text: string | null): Omit<Report, 'at'> {
  const program = /^#!.*\b(python3|perl|awk|bash|sh)\b/.exec(text ?? '')?.[1]
  const interpreter = program === undefined ? undefined : interpreters[program]
  return {
    message: `\`${written}\` is run by itself, and may not be: its mode has no x`,
    subject: written,
    ...(interpreter !== undefined && { evidence: [`\`${interpreter} ${written}\` needs no mode`] }),
  }
}

const interpreters: Readonly<Record<string, string>> = {
  sh: '$(CONFIG_SHELL)',
  bash: '$(BASH)',
  perl: '$(PERL)',
  python3: '$(PYTHON3)',
  awk: '$(AWK) -f',
}

function lazily<Answer>(work: () => Answer): () => Answer {
  let known: { readonly answer: Answer } | null = null
  return () => (known ??= { answer: work() }).answer
}
