import { describe, expect, it } from 'vitest'
import { readJudgedPatches, readJudgedTree } from '../../../src/app/judged-table.ts'

const head = 'window\tseries\tpatch\tpath\tline\trule\tkey\tverdict\traised by\thours later\twhy'
const row = (key: string, verdict: string): string =>
  `2024\t<1@boards.example>\t1\tdrivers/clk/Makefile\t7\tms-bare-make\t${key}\t${verdict}\thuman\t5\tit is`

describe('a table of findings that were read', () => {
  it('names those of patches by rule and key, and takes the worse of two verdicts', () => {
    const text = [head, '# a comment', row('1a', 'true'), row('2b', 'false'), row('2b', 'true'), ''].join('\n')
    const table = readJudgedPatches(text, 'judged.tsv')
    if (table.kind === 'bad') return expect.unreachable(table.problems.join())
    expect([...table.verdicts]).toEqual([
      ['ms-bare-make 1a', 'true'],
      ['ms-bare-make 2b', 'false'],
    ])
  })

  it('names those of a tree by their places', () => {
    expect(readJudgedTree('drivers/clk/Makefile\t7\tms-bare-make\ttrue\tit is\n', 'lint.tsv')).toEqual({
      kind: 'table',
      verdicts: new Map([['drivers/clk/Makefile 7 ms-bare-make', 'true']]),
    })
  })

  it('says which line nobody can read', () => {
    expect(readJudgedPatches(`${row('1a', 'maybe')}\nshort\n`, 'judged.tsv')).toEqual({
      kind: 'bad',
      problems: [
        'judged.tsv:1: 11 columns with true or false in the 8th are expected',
        'judged.tsv:2: 11 columns with true or false in the 8th are expected',
      ],
    })
  })
})
