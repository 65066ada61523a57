import { levelOf, measured } from '../rules/levels.ts'
import { describeMeasured } from '../src/review/level.ts'
import type { Rule } from '../src/review/rule.ts'

/** The headings of a rule's page, in their order. */
export const headings: readonly string[] = [
  'What it reports',
  'Why it matters',
  'Example',
  'How to fix',
  'When it stays silent',
  'Source',
]

/** What a page begins with: generated from the rule, so that both say the same. */
export function frontLines(rule: Rule): string {
  const facts = [`severity: ${rule.severity}`, scopes[rule.scope], `since ${rule.since}`]
  return `# ${rule.id}\n\n${rule.summary}\n\n${facts.join(' · ')}\n\n`
}

const scopes: Record<Rule['scope'], string> = {
  tree: 'judges the tree before and after a patch, and whole trees',
  change: 'judges a patch',
}

/** The page with other front lines: what stands before its first heading. */
export function withFront(page: string, front: string): string {
  const at = page.search(/^## /m)
  return front + (at === -1 ? '' : page.slice(at))
}

/** The page with another diff and output in its Example, behind the comment that names the case. */
export function withExample(page: string, example: { readonly diff: string; readonly output: string }): string {
  const blocks = `\n\n${fence('diff', example.diff)}\n${fence('text', example.output)}\n`
  return page.replace(/(<!-- case: [\w-]+ -->)[^]*?(?=^## )/m, (_, comment: string) => comment + blocks)
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.replace(/\n*$/, '\n')}\`\`\`\n`
}

/** The list of rules as a table of markdown, with the level that each has earned and what it was measured on. */
export function rulesTable(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, severity, scope, summary }) => {
    const cells = [severity, scope, levelOf(id), describeMeasured(measured(id)) ?? '-', summary]
    return `| [\`${id}\`](${id}/README.md) | ${cells.join(' | ')} |`
  })
  const head = '| rule | severity | scope | level | right | what it reports |'
  return [head, '| --- | --- | --- | --- | --- | --- |', ...rows, ''].join('\n')
}

/** rules/README.md with another table between its two comments. */
export function withTable(readme: string, table: string): string {
  return readme.replace(
    /(<!-- rules -->\n)[^]*?(<!-- end of rules -->)/,
    (_, start: string, end: string) => start + table + end,
  )
}
