import type { Command } from 'commander'

/** An option as it is written and told: `--format` with its values, `-V`. */
export type OptionShape = {
  readonly long: string | null
  readonly short: string | null
  readonly description: string
  /** What stands behind it, as help has it: `<dir>`, `[rev]`; null where nothing does. */
  readonly value: string | null
  readonly choices: readonly string[]
}

/** An argument: `[file...]`. */
export type ArgumentShape = { readonly name: string; readonly shown: string; readonly choices: readonly string[] }

/** A command with all that is below it. `path` are the words that name it behind the program's name. */
export type CommandShape = {
  readonly path: readonly string[]
  readonly description: string
  readonly options: readonly OptionShape[]
  readonly arguments: readonly ArgumentShape[]
  readonly commands: readonly CommandShape[]
}

/** What a command tree looks like to its user: what is hidden there is not here. */
export function shapeOf(command: Command, path: readonly string[] = []): CommandShape {
  const help = command.createHelp()
  return {
    path,
    description: command.description(),
    options: help.visibleOptions(command).map((option) => ({
      long: option.long ?? null,
      short: option.short ?? null,
      description: option.description,
      value: / ([<[].*)$/.exec(option.flags)?.[1] ?? null,
      choices: option.argChoices ?? [],
    })),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      shown: `${argument.required ? '<' : '['}${argument.name()}${argument.variadic ? '...' : ''}${argument.required ? '>' : ']'}`,
      choices: argument.argChoices ?? [],
    })),
    commands: help
      .visibleCommands(command)
      .filter((each) => each.name() !== 'help')
      .map((each) => shapeOf(each, [...path, each.name()])),
  }
}

/** A command and all below it, from the top down. */
export function allCommands(shape: CommandShape): readonly CommandShape[] {
  return [shape, ...shape.commands.flatMap(allCommands)]
}
