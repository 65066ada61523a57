import { allCommands, type ArgumentShape, type CommandShape, type OptionShape } from './command-shape.ts'

/** What can be said of arguments beyond the command tree: the words for an argument by its name, such as those of rules. */
export type KnownWords = Readonly<Record<string, readonly string[]>>

/** The script that completes a command line in a shell. */
export const completionScripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

export type Shell = keyof typeof completionScripts

const name = 'kbuild-review'

function wordsOf({ name: argument, choices }: ArgumentShape, known: KnownWords): readonly string[] {
  return choices.length > 0 ? choices : (known[argument] ?? [])
}

/** Whether files are what a command takes. */
function takesFiles(command: CommandShape, known: KnownWords): boolean {
  return command.arguments.some((argument) => wordsOf(argument, known).length === 0)
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** For bash 4 and later; nothing of bash-completion is needed. */
function bashScript(program: CommandShape, known: KnownWords): string {
  const commands = allCommands(program)
  const at = ({ path }: CommandShape, word: string): string => quoted([...path, word].join(' '))
  const paths = commands
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => quoted(`${path.slice(0, -1).join(' ')} ${path.at(-1) ?? ''}`))
  const values = commands.flatMap((command) =>
    command.options.flatMap(({ long, choices, value }) => {
      if (long === null || value === null) return []
      const words =
        choices.length === 0
          ? 'COMPREPLY=($(compgen -f -- "$cur"))'
          : `COMPREPLY=($(compgen -W ${quoted(choices.join(' '))} -- "$cur"))`
      return [`\t${at(command, long)}) ${words}; return ;;`]
    }),
  )
  const words = commands.map((command) => {
    const all = [
      ...command.commands.map(({ path }) => path.at(-1) ?? ''),
      ...command.arguments.flatMap((argument) => wordsOf(argument, known)),
      ...command.options.flatMap(({ long }) => long ?? []),
    ]
    return `\t${quoted(command.path.join(' '))}) words=${quoted(all.join(' '))} files=${takesFiles(command, known) ? 'yes' : 'no'} ;;`
  })
  return [
    `# Completes ${name} in bash: source it, or write it to ~/.local/share/bash-completion/completions/${name}`,
    '_kbuild_review() {',
    '\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path= words= files=no index',
    '\t# bash takes `--format=text` for three words',
    '\tif [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi',
    '\tfor ((index = 1; index < COMP_CWORD; index++)); do',
    '\t\tcase "$path ${COMP_WORDS[index]}" in',
    `\t\t${paths.join('|')}) path="\${path:+$path }\${COMP_WORDS[index]}" ;;`,
    '\t\tesac',
    '\tdone',
    '\tcase "${path:+$path }$prev" in',
    ...values,
    '\tesac',
    '\tcase "$path" in',
    ...words,
    '\tesac',
    '\tCOMPREPLY=($(compgen -W "$words" -- "$cur"))',
    '\tif [[ $files == yes && $cur != -* ]]; then COMPREPLY+=($(compgen -f -- "$cur")); fi',
    '}',
    `complete -o filenames -F _kbuild_review ${name}`,
    '',
  ].join('\n')
}

/** For zsh, whose `_arguments` does most of it: a function for each command. */
function zshScript(program: CommandShape, known: KnownWords): string {
  const functionOf = ({ path }: CommandShape): string => ['_kbuild_review', ...path].join('_')
  const bracketed = (text: string): string => text.replaceAll(/[[\]\\:]/g, '\\$&')
  const option = ({ long, short, description, value, choices }: OptionShape): string => {
    const behind =
      value === null ? '' : `:${bracketed(value)}:${choices.length === 0 ? '_files' : `(${choices.join(' ')})`}`
    const words = [long, short].filter((word) => word !== null)
    const repeated = value?.includes('...') === true ? '*' : ''
    return words.map((word) => quoted(`${repeated}${word}[${bracketed(description)}]${behind}`)).join(' ')
  }
  const body = (command: CommandShape): string => {
    const options = command.options.map((each) => `    ${option(each)}`)
    if (command.commands.length === 0) {
      const rest = command.arguments.map((argument) => {
        const words = wordsOf(argument, known)
        return `    ${quoted(`*:${argument.name}:${words.length === 0 ? '_files' : `(${words.join(' ')})`}`)}`
      })
      return `  _arguments${[...options, ...rest].map((line) => ` \\\n${line}`).join('')}`
    }
    const listed = command.commands.map((each) =>
      quoted(`${each.path.at(-1) ?? ''}:${each.description.replaceAll(':', '\\:')}`),
    )
    return [
      '  local context state line',
      '  typeset -A opt_args',
      `  _arguments -C${options.map((line) => ` \\\n${line}`).join('')} \\\n    '1:command:->command' '*::argument:->argument'`,
      '  case $state in',
      `  command) local -a commands=(${listed.join(' ')}); _describe command commands ;;`,
      '  argument) case $words[1] in',
      ...command.commands.map((each) => `    ${each.path.at(-1) ?? ''}) ${functionOf(each)} ;;`),
      '    esac ;;',
      '  esac',
    ].join('\n')
  }
  return [
    `#compdef ${name}`,
    `# Completes ${name} in zsh: write it to a file _${name} in a directory of $fpath`,
    ...allCommands(program).map((command) => `${functionOf(command)}() {\n${body(command)}\n}`),
    `if [ "$funcstack[1]" = ${quoted(`_${name}`)} ]; then _kbuild_review "$@"; else compdef _kbuild_review ${name}; fi`,
    '',
  ].join('\n')
}

/** For fish: a line for each word, with the command that it is for. */
function fishScript(program: CommandShape, known: KnownWords): string {
  const commands = allCommands(program)
  const word = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`
  const line = ({ path }: CommandShape, rest: string): string =>
    `complete -c ${name} -n ${word(['__kbuild_review_at', ...path].join(' '))} ${rest}`
  const lines = commands.flatMap((command) => [
    ...(takesFiles(command, known) ? [] : [line(command, '-f')]),
    ...command.commands.map((each) => line(command, `-a ${word(each.path.at(-1) ?? '')} -d ${word(each.description)}`)),
    ...command.arguments.flatMap((argument) => {
      const words = wordsOf(argument, known)
      return words.length === 0 ? [] : [line(command, `-a ${word(words.join(' '))}`)]
    }),
    ...command.options.map(({ long, short, description, value, choices }) => {
      const names = [
        ...(long === null ? [] : [`-l ${long.slice(2)}`]),
        ...(short === null ? [] : [`-s ${short.slice(1)}`]),
      ]
      const behind = value === null ? [] : choices.length === 0 ? ['-r -F'] : [`-x -a ${word(choices.join(' '))}`]
      return line(command, [...names, ...behind, `-d ${word(description)}`].join(' '))
    }),
  ])
  return [
    `# Completes ${name} in fish: write it to ~/.config/fish/completions/${name}.fish`,
    'function __kbuild_review_at',
    '    set -l path',
    '    for each in (commandline -opc)[2..-1]',
    `        contains -- (string join ' ' -- $path $each) ${commands
      .filter(({ path }) => path.length > 0)
      .map(({ path }) => word(path.join(' ')))
      .join(' ')}`,
    '        and set path $path $each',
    '    end',
    "    test (string join ' ' -- $path | string collect --allow-empty) = (string join ' ' -- $argv | string collect --allow-empty)",
    'end',
    ...lines,
    '',
  ].join('\n')
}
