import { allCommands, type CommandShape, type OptionShape } from './command-shape.ts'
import { exitCodes } from './exit.ts'

const name = 'kbuild-review'

const statuses: Record<keyof typeof exitCodes, string> = {
  clean: 'Clean.',
  findings: 'Findings at or above --fail-on.',
  usage: 'Usage or configuration.',
  notJudged: 'Could not be judged: it does not apply, or the environment is at fault.',
  interrupted: 'Interrupted.',
}

const files: readonly (readonly [path: string, what: string])[] = [
  ['.kbuild-review.yaml', 'The configuration: the first upwards from the tree.'],
  ['$XDG_CONFIG_HOME/kbuild-review/config.yaml', 'The configuration of the user.'],
  ['/etc/kbuild-review/config.yaml', 'The configuration of the system.'],
  ['$XDG_CACHE_HOME/kbuild-review', 'What is kept between runs; it may be removed at any time.'],
]

/** The manual page in the man macros of groff (groff_man(7)). Without a date: the same program gives the same page. */
export function manPage(program: CommandShape, version: string): string {
  const commands = allCommands(program).filter(({ commands: below, path }) => path.length > 0 && below.length === 0)
  return [
    `.TH KBUILD\\-REVIEW 1 "" "${name} ${roff(version)}" "User Commands"`,
    '.SH NAME',
    `${roff(name)} \\- review kernel build\\-system patches`,
    '.SH SYNOPSIS',
    ...commands.flatMap((command, index) => [...(index === 0 ? [] : ['.br']), synopsis(command)]),
    '.SH DESCRIPTION',
    text(program.description),
    '.SH COMMANDS',
    ...commands.flatMap((command) => [
      `.SS ${roff([...command.path, ...command.arguments.map(({ shown }) => shown)].join(' '))}`,
      text(`${command.description}.`),
      ...command.options.filter(({ long }) => long !== '--help').flatMap(option),
    ]),
    '.SH EXIT STATUS',
    ...Object.entries(exitCodes).flatMap(([key, code]) =>
      tagged(`.B ${code}`, statuses[key as keyof typeof exitCodes]),
    ), // keys of that very object
    '.SH ENVIRONMENT',
    ...tagged('.B NO_COLOR', 'No colour in the output.'),
    ...tagged('.B KBUILD_REVIEW_HOOK', 'off keeps the git hooks from judging.'),
    ...tagged('.B KBUILD_REVIEW_DEBUG', '1 prints where an error came from.'),
    '.SH FILES',
    ...files.flatMap(([path, what]) => tagged(`.I ${roff(path)}`, what)),
    '.SH SEE ALSO',
    '.BR git\\-am (1),',
    '.BR b4 (5)',
    '',
  ].join('\n')
}

function synopsis({ path, arguments: taken }: CommandShape): string {
  const rest = [' [options]', ...taken.map(({ shown }) => ` ${shown}`)].join('')
  return `.B ${roff([name, ...path].join(' '))}\n${roff(rest.trim())}`
}

function option({ long, short, value, description, choices }: OptionShape): readonly string[] {
  const names = [short, long].filter((word) => word !== null).map((word) => `\\fB${roff(word)}\\fR`)
  const behind = value === null ? '' : ` \\fI${roff(value.replaceAll(/[<>]/g, ''))}\\fR`
  const among = choices.length === 0 ? '' : ` (${choices.join(', ')})`
  return ['.TP', `${names.join(', ')}${behind}`, text(`${description}${among}.`)]
}

function tagged(tag: string, what: string): readonly string[] {
  return ['.TP', tag, text(what)]
}

/** A line of running text: one that begins with a dot or a quote would be a request. */
function text(line: string): string {
  const first = line.charAt(0).toUpperCase() + line.slice(1)
  return roff(first).replace(/^[.']/, '\\&$&')
}

/** Characters that roff reads otherwise than they look (groff_char(7)). */
function roff(plain: string): string {
  return plain.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('`', '\\(ga').replaceAll("'", '\\(aq')
}
