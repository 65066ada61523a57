import { printCondition } from '../../src/kconfig/condition.ts'
import type { Search } from '../../src/kconfig/find-configuration.ts'
import type { Report } from '../../src/review/finding.ts'
import type { Edge } from './edges.ts'

/** Columns of a line of evidence: a reply indents it by two, and keeps to 72. */
const maxColumns = 70

/** A `select` against the dependencies of its target, with the configuration that shows it. */
export function describeUnmet(
  { selection, target }: Edge,
  { settings, unmet }: Extract<Search, { readonly kind: 'found' }>,
  arch: string,
): Report {
  const parts = [...new Set(unmet.map(printCondition))]
  const lines = [...settings].map(([name, value]) => `CONFIG_${name}=${value === 2 ? 'y' : 'm'}`)
  const missing = parts.map((part) => `\`${part}\``).join(' and ')
  return {
    at: selection.at,
    message: `\`${selection.from}\` can select \`${target.name}\` without ${missing}, which that depends on`,
    subject: `${selection.from} select ${target.name}`,
    evidence: [
      `so it is on ${arch} with all else off but:`,
      ...wrapped(lines.map((line) => line.slice('CONFIG_'.length))),
    ],
    related: target.definitions.slice(0, 1).map(({ at }) => ({ at, message: 'what is selected' })),
    reproduce: [
      `printf '%s\\n' ${lines.join(' ')} > unmet.config`,
      `make ARCH=${arch} KCONFIG_ALLCONFIG=unmet.config allnoconfig`,
    ],
  }
}

/** Words in as few lines as they fit in. */
function wrapped(words: readonly string[]): readonly string[] {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > maxColumns) lines.push(word.slice(0, maxColumns))
    else lines.splice(-1, 1, `${last} ${word}`)
  }
  return lines
}
