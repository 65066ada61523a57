import { Command } from 'commander'
import { rules } from '../../rules/index.ts'
import { levelOf, measured } from '../../rules/levels.ts'
import { caseCount, rulePage } from '../app/package.ts'
import { familyOf } from '../review/family.ts'
import { describeMeasured } from '../review/level.ts'
import type { Rule } from '../review/rule.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { formatOption } from './options.ts'
import type { Terminal } from './terminal.ts'

/** `rules`: the list. */
export function rulesCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  return new Command('rules')
    .description('list the rules, and the level each has earned')
    .addOption(formatOption(['text', 'json']))
    .action(async ({ format }: { readonly format: 'text' | 'json' }) => {
      await terminal.out(format === 'json' ? `${JSON.stringify(rules.map(listed), null, 2)}\n` : rulesText())
      finish(exitCodes.clean)
    })
}

/** A rule as `rules --format json` prints it; `cases` is null where the package came without them. */
function listed(rule: Rule): object {
  const { id, severity, scope, summary, since } = rule
  const page = `rules/${id}/README.md`
  const { true: right, false: wrong, unjudged } = measured(id)
  const precision = {
    true: right,
    false: wrong,
    unjudged,
    precision: right + wrong === 0 ? null : right / (right + wrong),
  }
  return {
    id,
    family: familyOf(id),
    scope,
    severity,
    level: levelOf(id),
    summary,
    since,
    page,
    cases: caseCount(id),
    precision,
  }
}

function rulesText(): string {
  const width = Math.max(...rules.map(({ id }) => id.length))
  return rules
    .map(({ id, severity, summary }) => {
      const cells = [id.padEnd(width), severity.padEnd(7), levelOf(id).padEnd(7), summary]
      return `${cells.join('  ')}\n`
    })
    .join('')
}

/** `explain RULE`: one rule's page. */
export function explainCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  return new Command('explain')
    .description("print one rule's page, and what its level rests on")
    .argument('<rule>', 'a name that `rules` lists')
    .action(async (id: string) => {
      const page = rules.some((rule) => rule.id === id) ? rulePage(id) : null
      if (page === null) throw new UsageError(`there is no rule \`${id}\`${nearest(id)}`)
      await terminal.out(withLevel(page, id))
      finish(exitCodes.clean)
    })
}

/** The page with its level behind the front lines: the pages of a release do not change with what is measured. */
function withLevel(page: string, id: string): string {
  const counted = describeMeasured(measured(id))
  const why = counted === null ? 'none of its findings has been read' : `${counted} findings that were read are true`
  return page.replace(/^## /m, () => `level: ${levelOf(id)} (${why})\n\n## `)
}

/** A hint at the rule that was probably meant: one that holds the word, or shares its beginning. */
function nearest(id: string): string {
  const found = rules.find((rule) => rule.id.includes(id) || (id.length > 4 && rule.id.startsWith(id.slice(0, 5))))
  return found ? `; did you mean \`${found.id}\`?` : '; `kbuild-review rules` lists them'
}
