import { Command } from 'commander'
import { rules } from '../../rules/index.ts'
import { rulePage } from '../app/package.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { formatOption } from './options.ts'
import type { Terminal } from './terminal.ts'

/** `rules`: the list. */
export function rulesCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  return new Command('rules')
    .description('list the rules')
    .addOption(formatOption(['text', 'json']))
    .action(async ({ format }: { readonly format: 'text' | 'json' }) => {
      const listed = rules.map(({ id, severity, scope, summary, since }) => ({ id, severity, scope, summary, since }))
      const width = Math.max(...listed.map(({ id }) => id.length))
      const text = listed
        .map(({ id, severity, summary }) => `${id.padEnd(width)}  ${severity.padEnd(7)}  ${summary}\n`)
        .join('')
      await terminal.out(format === 'json' ? `${JSON.stringify(listed, null, 2)}\n` : text)
      finish(exitCodes.clean)
    })
}

/** `explain RULE`: one rule's page. */
export function explainCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  return new Command('explain')
    .description("print one rule's page")
    .argument('<rule>', 'a name that `rules` lists')
    .action(async (id: string) => {
      const page = rules.some((rule) => rule.id === id) ? rulePage(id) : null
      if (page === null) throw new UsageError(`there is no rule \`${id}\`${nearest(id)}`)
      await terminal.out(page)
      finish(exitCodes.clean)
    })
}

/** A hint at the rule that was probably meant: one that holds the word, or shares its beginning. */
function nearest(id: string): string {
  const found = rules.find((rule) => rule.id.includes(id) || (id.length > 4 && rule.id.startsWith(id.slice(0, 5))))
  return found ? `; did you mean \`${found.id}\`?` : '; `kbuild-review rules` lists them'
}
