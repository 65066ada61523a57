import type { Range } from '../../src/make/cst.ts'
import { commandsOf, type SimpleCommand } from '../../src/review/shell-commands.ts'
import { programName, programWord } from '../../src/review/shell-program.ts'
import type { Script } from '../../src/review/shell-scripts.ts'
import { literalOf } from '../../src/review/shell-words.ts'

/** Something that not every shell or host does alike, and what does. `ofShell` where bash does it and sh need not. */
export type Unportable = {
  readonly range: Range
  readonly name: string
  readonly advice: string
  readonly ofShell: boolean
}

/** What a script of a makefile leaves to the shell or the host, each kind once. */
export function unportableIn(script: Script, text: string): readonly Unportable[] {
  const found = commandsOf(script.expr, text).flatMap((command) => [...ofProgram(command), ...ofRedirections(command)])
  return [...new Map(found.map((each) => [each.name, each])).values()]
}

type Known = {
  readonly name: string
  readonly advice: string
  readonly ofShell?: boolean
  readonly applies: (words: readonly string[]) => boolean
}

const hasOption = (letter: string) => (words: readonly string[]) =>
  words.slice(1).some((word) => new RegExp(`^-[a-zA-Z]*${letter}`).test(word))

/** By the program; `words` are those of the command as literals, with an empty text for any other. */
const known: ReadonlyMap<string, readonly Known[]> = new Map<string, readonly Known[]>([
  [
    'which',
    [
      {
        name: 'which',
        advice: '`command -v` is part of the shell, `which` is a program that a host may lack',
        applies: () => true,
      },
    ],
  ],
  [
    'source',
    [{ name: 'source', advice: 'the shell is `sh`, which knows `.` only', ofShell: true, applies: () => true }],
  ],
  ['[[', [{ name: '[[', advice: 'the shell is `sh`, which knows `[` only', ofShell: true, applies: () => true }]],
  ['[', [{ name: '==', advice: 'in `sh` it is `=`', ofShell: true, applies: (words) => words.includes('==') }]],
  ['test', [{ name: '==', advice: 'in `sh` it is `=`', ofShell: true, applies: (words) => words.includes('==') }]],
  [
    'echo',
    [
      {
        name: 'echo -e',
        advice: 'dash prints the `-e`: `printf` does the same in every shell',
        ofShell: true,
        applies: ([, first]) => /^-[ne]*e[ne]*$/.test(first ?? ''),
      },
      {
        name: 'echo -n',
        advice: 'what `echo` makes of it is up to the shell: `printf` does the same in every one',
        applies: ([, first]) => first === '-n',
      },
    ],
  ],
  [
    'sed',
    [
      {
        name: 'sed -i',
        advice: 'that of BSD and macOS takes a suffix behind it: write to another file and move that',
        applies: hasOption('i'),
      },
    ],
  ],
  ['cp', [{ name: 'cp -l', advice: 'only GNU `cp` makes links', applies: hasOption('l') }]],
  ['python', [{ name: 'python', advice: '`$(PYTHON3)` is what the build was given', applies: () => true }]],
  [
    'python2',
    [{ name: 'python2', advice: 'no script of the kernel is for it any more: `$(PYTHON3)`', applies: () => true }],
  ],
])

function ofProgram(command: SimpleCommand): readonly Unportable[] {
  const name = programName(command)
  const word = programWord(command)
  if (name === null || word === null) return []
  const words = command.words.slice(command.words.indexOf(word)).map((each) => literalOf(each) ?? '')
  const uses = (known.get(name) ?? []).filter(({ applies }) => applies(words))
  return uses.map(({ name: used, advice, ofShell }) => ({
    range: { start: command.start, end: command.end },
    name: used,
    advice,
    ofShell: ofShell ?? false,
  }))
}

/** `&>log`, in sh a command in the background and an empty file; `<<<` and `|&`, which sh does not parse. */
function ofRedirections({ redirections, separator, start, end }: SimpleCommand): readonly Unportable[] {
  const operators = [...redirections.map(({ op }) => op), separator].filter(
    (op) => op === '&>' || op === '&>>' || op === '<<<' || op === '|&',
  )
  return operators.map((op) => ({ range: { start, end }, name: op, advice: advices.get(op) ?? '', ofShell: true }))
}

const advices: ReadonlyMap<string, string> = new Map([
  ['&>', 'in `sh` that runs the command in the background: `>file 2>&1`'],
  ['&>>', 'in `sh` that runs the command in the background: `>>file 2>&1`'],
  ['<<<', '`sh` stops at it: `printf` and a pipe'],
  ['|&', '`sh` stops at it: `2>&1 |`'],
])
