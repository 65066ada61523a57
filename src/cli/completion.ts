import { Argument, Command } from 'commander'
import { packageVersion } from '../app/package.ts'
import { rules } from '../../rules/index.ts'
import { shapeOf, type CommandShape } from './command-shape.ts'
import { completionScripts, type Shell } from './completion-scripts.ts'
import { exitCodes, type ExitCode } from './exit.ts'
import { manPage } from './man-page.ts'
import type { Terminal } from './terminal.ts'

type Finish = (code: ExitCode) => void

/** `completion SHELL`: what completes this very command line. */
export function completionCommand(terminal: Terminal, finish: Finish): Command {
  const command = new Command('completion')
  return command
    .description('print the script that completes command lines in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(completionScripts)))
    .action(async (shell: Shell) => {
      await terminal.out(completionScripts[shell](treeAround(command), { rule: rules.map(({ id }) => id) }))
      finish(exitCodes.clean)
    })
}

/** `man`: the manual page. */
export function manCommand(terminal: Terminal, finish: Finish): Command {
  const command = new Command('man')
  return command.description('print the manual page, for `man -l -`').action(async () => {
    await terminal.out(manPage(treeAround(command), packageVersion()))
    finish(exitCodes.clean)
  })
}

/** All of the command tree that a command stands in. */
function treeAround(command: Command): CommandShape {
  return shapeOf(command.parent ?? command)
}
