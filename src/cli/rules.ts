import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { rules } from '../../rules/index.ts'
import { levelOf, measured } from '../../rules/levels.ts'
import { ruleDisputes, type RuleDisputes } from '../app/bot/disputes.ts'
import { caseCount, rulePage } from '../app/package.ts'
import { openState } from '../app/wire.ts'
import { familyOf } from '../review/family.ts'
import { describeMeasured } from '../review/level.ts'
import type { Rule } from '../review/rule.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { configOption, formatOption } from './options.ts'
import type { TreeFlags } from './session.ts'
import type { Terminal } from './terminal.ts'

/** `rules`: the list. */
export function rulesCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  return new Command('rules')
    .description('list the rules, the level each has earned, and with --config what people dispute')
    .addOption(formatOption(['text', 'json']))
    .addOption(configOption())
    .action(async ({ format, ...flags }: TreeFlags & { readonly format: 'text' | 'json' }) => {
      const disputes = flags.config === undefined ? [] : await disputesOf(flags, terminal)
      const byRule = new Map(disputes.map((each) => [each.rule, each]))
      const json = (): string =>
        `${JSON.stringify(
          rules.map((rule) => withDisputes(listed(rule), byRule.get(rule.id))),
          null,
          2,
        )}\n`
      await terminal.out(format === 'json' ? json() : rulesText() + disputesText(disputes))
      finish(exitCodes.clean)
    })
}

/** What people called invalid of what the bot of a configuration mailed; nothing where it never ran. */
async function disputesOf(flags: TreeFlags, terminal: Terminal): Promise<readonly RuleDisputes[]> {
  // most who list the rules read no configuration and open no tree
  const { readConfig } = await import('./session.ts')
  const { bot } = readConfig(flags, terminal)
  if (bot === undefined || !existsSync(bot.state)) return []
  const store = await openState(bot.state)
  try {
    return await ruleDisputes(store.records, bot)
  } finally {
    await store.close()
  }
}

function withDisputes(rule: object, disputes: RuleDisputes | undefined): object {
  if (disputes === undefined) return rule
  const { mailed, disputed, isMuted } = disputes
  return { ...rule, disputes: { mailed, disputed, muted: isMuted } }
}

function disputesText(disputes: readonly RuleDisputes[]): string {
  return disputes
    .filter(({ disputed }) => disputed > 0)
    .map(({ rule, mailed, disputed, isMuted }) => {
      const muted = isMuted ? '; it is not mailed any more' : ''
      return `${rule}: ${disputed} of ${mailed} findings that were mailed were called invalid${muted}\n`
    })
    .join('')
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
