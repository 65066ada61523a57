import type { Verdict } from '../review/precision.ts'

/** What people who read findings said of them, by what names a finding in that table. */
export type JudgedTable =
  | { readonly kind: 'table'; readonly verdicts: ReadonlyMap<string, Verdict> }
  | { readonly kind: 'bad'; readonly problems: readonly string[] }

/** Where the columns of a table of tabs stand, from 0. */
type Columns = { readonly count: number; readonly name: readonly number[]; readonly verdict: number }

/** test/real/judged.tsv: window, series, patch, path, line, rule, key, verdict, raised by, hours later, why. */
const ofPatches: Columns = { count: 11, name: [5, 6], verdict: 7 }

/** test/real/lint-VERSION.tsv: path, line, rule, verdict, why. */
const ofTree: Columns = { count: 5, name: [0, 1, 2], verdict: 3 }

/** Reads the judged findings of a backtest, named `RULE KEY`. Problems name the file and line. */
export function readJudgedPatches(text: string, path: string): JudgedTable {
  return readTable(text, path, ofPatches)
}

/** Reads the judged findings of a tree, named `PATH LINE RULE`. */
export function readJudgedTree(text: string, path: string): JudgedTable {
  return readTable(text, path, ofTree)
}

/** Lines of tabs; blank ones, comments and a head that says `verdict` where verdicts stand are passed over. */
function readTable(text: string, path: string, columns: Columns): JudgedTable {
  const verdicts = new Map<string, Verdict>()
  const problems: string[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const cells = line.split('\t')
    const verdict = cells[columns.verdict]
    if (line.trim() === '' || line.startsWith('#') || verdict === 'verdict') continue
    if (cells.length < columns.count || (verdict !== 'true' && verdict !== 'false')) {
      problems.push(
        `${path}:${index + 1}: ${columns.count} columns with true or false in the ${columns.verdict + 1}th are expected`,
      )
      continue
    }
    const name = columns.name.map((at) => cells[at] ?? '').join(' ')
    // said twice, it is false where somebody said so
    if (verdicts.get(name) !== 'false') verdicts.set(name, verdict)
  }
  return problems.length > 0 ? { kind: 'bad', problems } : { kind: 'table', verdicts }
}
