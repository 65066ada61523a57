import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { renderSuggestions } from '../../../src/outlets/suggestion-diff.ts'
import { applyEdits, suggestedEdits, type Edit } from '../../../src/review/apply-edits.ts'
import { fc } from '../../support/random.ts'

const path = 'drivers/clk/Makefile'
const edit = (start: number, end: number, text: string, file = path): Edit => ({ at: { file, start, end }, text })
const suggestion = (...edits: readonly Edit[]) => ({ suggestion: { message: 'mend it', edits: edits.map(located) } })
/** The diff is made of offsets alone. */
const located = (each: Edit) => ({ ...each, path, line: 1, column: 1, endLine: 1, endColumn: 1, source: '' })

let top = ''
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'kr-suggest-'))
})
afterEach(() => {
  removeDirectory(top)
})

/** What git makes of a text by a diff. */
function withGit(text: string, diff: string): string {
  mkdirSync(dirname(join(top, path)), { recursive: true })
  writeFileSync(join(top, path), text)
  if (diff === '') return text
  const env = { PATH: process.env['PATH'] ?? '', GIT_CEILING_DIRECTORIES: top, GIT_CONFIG_NOSYSTEM: '1', HOME: top }
  const result = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], {
    cwd: top,
    input: diff,
    encoding: 'utf8',
    env,
  })
  if (result.status !== 0) throw new Error(`${result.stderr}\n${diff}`)
  return readFileSync(join(top, path), 'utf8')
}

describe('the diff of suggestions', () => {
  it('is one that people read, with the lines around', () => {
    const text = 'one\ntwo\nthree\nfour\nfive\nsix\n'
    expect(renderSuggestions([suggestion(edit(14, 18, 'FOUR')), suggestion(edit(4, 8, ''))], () => text)).toBe(
      [
        'diff --git a/drivers/clk/Makefile b/drivers/clk/Makefile',
        '--- a/drivers/clk/Makefile',
        '+++ b/drivers/clk/Makefile',
        '@@ -1,6 +1,5 @@',
        ' one',
        '-two',
        ' three',
        '-four',
        '+FOUR',
        ' five',
        ' six',
        '',
      ].join('\n'),
    )
  })

  it('is empty without edits, without a file, and where nothing changes', () => {
    expect(renderSuggestions([{}, suggestion()], () => 'text\n')).toBe('')
    expect(renderSuggestions([suggestion(edit(0, 1, 'x'))], () => null)).toBe('')
    expect(renderSuggestions([suggestion(edit(0, 4, 'text'))], () => 'text\n')).toBe('')
  })

  it('takes the first of two suggestions that clash, and nothing of the other', () => {
    const chosen = suggestedEdits([suggestion(edit(0, 3, 'a')), suggestion(edit(9, 9, 'b'), edit(2, 4, 'c'))])
    expect([...chosen.values()].flat().map(({ text }) => text)).toEqual(['a'])
    expect(applyEdits('abc', [edit(0, 2, ''), edit(1, 3, '')])).toBeNull()
    expect(applyEdits('abc', [edit(1, 1, 'x'), edit(1, 1, 'y')])).toBeNull()
  })

  it('makes of any text what the edits make, with git', () => {
    const line = fc.constantFrom('a', 'b', '', 'obj-y += led.o', '\t$(MAKE)')
    const texts = fc.tuple(fc.array(line, { maxLength: 24 }), fc.boolean())
    const spans = fc.array(fc.tuple(fc.nat(200), fc.nat(12), fc.constantFrom('', 'x', 'x\n', '\ny\n', 'z')), {
      maxLength: 4,
    })
    fc.assert(
      fc.property(texts, spans, ([lines, isEnded], wanted) => {
        const text = lines.join('\n') + (isEnded ? '\n' : '')
        const edits = wanted.map(([start, length, put]) => {
          const from = Math.min(start, text.length)
          return edit(from, Math.min(from + length, text.length), put)
        })
        const made = applyEdits(text, edits)
        // a file that loses all its text would be deleted
        fc.pre(made !== null && made !== '' && text !== '')
        expect(
          withGit(
            text,
            renderSuggestions([suggestion(...edits)], () => text),
          ),
        ).toBe(made)
      }),
      { numRuns: 150 },
    )
  })
})
