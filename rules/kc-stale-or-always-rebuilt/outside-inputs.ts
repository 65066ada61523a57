import type { Range } from '../../src/make/cst.ts'
import { textOf } from '../../src/make/expr-text.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import type { MakefileView } from '../../src/review/rule.ts'
import { commandsOf, type SimpleCommand } from '../../src/review/shell-commands.ts'
import { programName } from '../../src/review/shell-program.ts'
import { scriptsOf, type Script } from '../../src/review/shell-scripts.ts'
import { literalOf } from '../../src/review/shell-words.ts'

/** Something that a result depends on and that neither the command line nor a prerequisite shows. */
export type OutsideInput = { readonly range: Range; readonly message: string; readonly evidence: readonly string[] }

/** Programs that say when, where or by whom a build is made, and the variable that says so in a reproducible build. */
const tellers: ReadonlyMap<string, string> = new Map([
  ['date', 'KBUILD_BUILD_TIMESTAMP'],
  ['hostname', 'KBUILD_BUILD_HOST'],
  ['whoami', 'KBUILD_BUILD_USER'],
])

/** What the scripts of a makefile take from outside. Where the makefile asks for the variable itself, the program is what it falls back to. */
export function outsideInputs(makefile: MakefileView): readonly OutsideInput[] {
  if (!isPartOfBuild(makefile) || !/\b(?:date|hostname|whoami|find)\b/.test(makefile.text)) return []
  return scriptsOf(makefile.syntax).flatMap((script) => {
    const commands = commandsOf(script.expr, makefile.text)
    return [
      ...commands.flatMap((command) => toldBy(command, makefile)),
      ...(isRecipe(script) ? commands.flatMap((_, at) => foundFiles(commands.slice(at), script, makefile)) : []),
    ]
  })
}

function isRecipe(script: Script): boolean {
  return script.kind === 'recipe' || script.kind === 'command'
}

function toldBy(command: SimpleCommand, { text }: MakefileView): readonly OutsideInput[] {
  const name = programName(command) ?? ''
  const variable = tellers.get(name)
  const words = command.words.map((word) => literalOf(word) ?? '')
  const isOther =
    words.some((word) => /^(?:-[drs]|--(?:date|reference|set))/.test(word)) || /SOURCE_DATE_EPOCH/.test(text)
  if (variable === undefined || isOther || text.includes(variable)) return []
  const message = `\`${name}\` makes each build another: what it says belongs in \`${variable}\`, which a reproducible build sets`
  return [{ range: command, message, evidence: ['Documentation/kbuild/reproducible-builds.rst'] }]
}

/** A `find` over the build directory at the head of a pipe that ends in the target. */
function foundFiles(
  commands: readonly SimpleCommand[],
  script: Script,
  { text }: MakefileView,
): readonly OutsideInput[] {
  const [command] = commands
  const [, start] = command?.words ?? []
  if (command === undefined || start === undefined || programName(command) !== 'find') return []
  const where = text.slice(start.start, start.end)
  if (!/^(?:\.|\$[({](?:objtree|obj)[)}])\/?$/.test(where)) return []
  const end = commands.findIndex(({ separator }) => separator !== '|')
  const last = commands[end]
  const isFilechk = script.kind === 'command' && script.definition.name.startsWith('filechk_')
  const writesTarget = last?.redirections.some(
    ({ op, target }) => op === '>' && target !== null && /^\$@|^\$[({]@[)}]/.test(text.slice(target.start, target.end)),
  )
  if (!isFilechk && writesTarget !== true) return []
  const message = `\`find ${where}\` also finds what an earlier configuration has left there`
  return [
    {
      range: command,
      message,
      evidence: [`what it finds is no prerequisite: \`${textOf(text, { range: start })}\` is not watched`],
    },
  ]
}
