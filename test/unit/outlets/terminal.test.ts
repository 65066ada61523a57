import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { locationOf, renderFinding, renderReview, summarise } from '../../../src/outlets/terminal.ts'
import { joinArchs } from '../../../src/review/changes.ts'
import { namedBase, reviewOf, wordRule, type Telling } from '../../support/reviews.ts'
import { seriesThrough } from '../../support/steps.ts'

const path = 'drivers/clk/Makefile'
const plain = { colour: false }

function shown(line: string, word: string, telling: Telling = {}): string {
  const through = seriesThrough([{ [path]: '# clocks\n' }, { [path]: `# clocks\n${line}\n` }])
  const [finding] = reviewOf(through, [wordRule(word, telling)]).findings
  return finding ? renderFinding(finding, plain) : 'nothing'
}

describe('renderFinding', () => {
  it('shows the place, what is wrong, the line and carets under the word', () => {
    expect(shown('obj-y += gate.o mux.o', 'gate.o')).toBe(
      [
        'drivers/clk/Makefile:2:10: error: `gate.o` is written [told-word]',
        ' 2 | obj-y += gate.o mux.o',
        '   |          ^^^^^^',
        '',
      ].join('\n'),
    )
  })

  it('expands tabs, so that the carets are under the word', () => {
    expect(shown('obj-y\t+=\tgate.o\tmux.o', 'gate.o').split('\n').slice(1, 3)).toEqual([
      ' 2 | obj-y   +=      gate.o  mux.o',
      '   |                 ^^^^^^',
    ])
  })

  it('counts the columns of wide and combining characters', () => {
    const [, line = '', carets = ''] = shown('# 时钟 e\u0301 gate.o', 'gate.o').split('\n')
    expect(line).toBe(' 2 | # 时钟 e\u0301 gate.o')
    expect(carets).toBe(`   | ${' '.repeat(9)}^^^^^^`)
  })

  it('points at what a place has on its first line', () => {
    expect(shown('obj-y += gate.o \\\n\tmux.o', 'gate.o \\\n\tmux.o').split('\n')[2]).toBe('   |          ^^^^^^^^')
  })

  it('shows evidence, related places, the condition and the suggestion', () => {
    const at = { file: path, start: 2, end: 8 }
    const text = shown('obj-y += gate.o', 'gate.o', {
      when: 'CONFIG_CLK',
      evidence: ['tried drivers/clk/gate.c'],
      related: [{ at, message: 'these are they' }],
      suggestion: { message: 'drop it', edits: [] },
    })
    expect(text.split('\n').slice(3)).toEqual([
      '  = when CONFIG_CLK',
      '  = tried drivers/clk/gate.c',
      '  note: drivers/clk/Makefile:1:3: these are they',
      ' 1 | # clocks',
      '   |   ^^^^^^',
      '  help: drop it',
      '',
    ])
  })

  it('lets no control or direction character through to the terminal', () => {
    const text = shown('obj-y += \u001b]0;title\u0007\u202e gate.o\u009b', 'gate.o', { message: 'a\u001b[2J\nb' })
    expect(text).toContain('error: a\\x1b[2J\\x0ab [told-word]')
    expect(text).toContain('obj-y += \\x1b]0;title\\x07\\u202e gate.o\\x9b')
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  })

  it('shows of a very long line what is around the place', () => {
    const text = shown(`${'x'.repeat(5000)} gate.o ${'y'.repeat(5000)}`, 'gate.o')
    const [, line = '', carets = ''] = text.split('\n')
    expect(line.length).toBeLessThan(230)
    expect(line.slice(carets.indexOf('^')).startsWith('gate.o ')).toBe(true)
    expect(line).toMatch(/^ 2 \| \.\.\.x+ gate\.o y+\.\.\.$/)
  })
})

describe('renderReview', () => {
  const through = seriesThrough([
    { [path]: '# clocks\n' },
    { [path]: '# clocks\nobj-y += gate.o\n' },
    { [path]: '# clocks\nobj-y += gate.o\nobj-y += mux.o\n' },
  ])

  it('tells what changes in the build after the findings, or where there are none', () => {
    const review = reviewOf(seriesThrough([{ [path]: '' }, { [path]: 'obj-y += gate.o\n' }]), [wordRule('gate.o')])
    const whole = joinArchs([{ arch: 'x86_64', lines: ['new: drivers/clk/gate.o, built-in, always'] }])
    const section = 'What this patch changes in the build (x86_64):\n  new: drivers/clk/gate.o, built-in, always\n'
    const changes = { patches: [{ patch: 1, ...whole }], whole }
    expect(renderReview({ ...review, changes }, plain)).toMatch(
      new RegExp(`\\^\n\n${RegExp.escape(section)}\n1 error\n$`),
    )
    expect(renderReview({ ...review, changes, findings: [] }, plain)).toContain(`\n\n${section}\nno findings\n`)
    expect(renderReview(review, plain)).not.toContain('changes in the build')
  })

  it('goes patch by patch and ends with a count', () => {
    const review = reviewOf(through, [
      wordRule('gate.o'),
      wordRule('mux.o', {}, { id: 'other-word', severity: 'warning' }),
    ])
    expect(
      renderReview(review, plain)
        .split('\n')
        .filter((line) => !line.startsWith(' ')),
    ).toEqual([
      'boards: step 1 (2 patches)',
      'base 4a39ac5b7d62: base-commit of the mail',
      '',
      'patch 1: boards: step 1',
      '',
      'drivers/clk/Makefile:2:10: error: `gate.o` is written [told-word]',
      '',
      'patch 2: boards: step 2',
      '',
      'drivers/clk/Makefile:3:10: warning: `mux.o` is written [other-word]',
      '',
      '1 error, 1 warning',
      '',
    ])
  })

  it('says what was not judged', () => {
    const review = { ...reviewOf(through, []), notRun: [{ what: 'patch 3', why: 'its mail is missing' }] }
    expect(renderReview(review, plain)).toContain(
      '\n\nnot judged: patch 3: its mail is missing\n\nno findings in what was judged\n',
    )
  })

  it('says how each patch went on that did not apply as it is, and what was guessed', () => {
    const hunk = { number: 2, header: '@@ -1,2 +1,3 @@', reason: 'line 1 is not `obj-y += core.o`' }
    const first = {
      index: 2,
      kind: 'refused',
      files: [{ path, hunks: [hunk], reason: '1 of 2 hunks' }],
      log: '',
    } as const
    const fuzzy = { index: 1, kind: 'applied', commit: '1'.repeat(40), how: 'fuzz', detail: `${path} hunk 1` } as const
    const review = {
      ...reviewOf(through, []),
      application: { kind: 'conflict', base: namedBase, patches: [fuzzy, first], first } as const,
    }
    const guessing = {
      ...review,
      series: { ...review.series, version: 3, inferred: ['the cover letter, from its thread'] },
    }
    expect(renderReview(guessing, plain)).toBe(
      [
        'boards: step 1 (v3, 2 patches)',
        'base 4a39ac5b7d62: base-commit of the mail',
        'guessed: the cover letter, from its thread',
        'patch 1 applied with fuzz: drivers/clk/Makefile hunk 1',
        'patch 2 does not apply',
        '  drivers/clk/Makefile: 1 of 2 hunks',
        '    hunk 2 (@@ -1,2 +1,3 @@): line 1 is not `obj-y += core.o`',
        '',
        'no findings',
        '',
      ].join('\n'),
    )
  })

  it('has no base where none was found', () => {
    const review = {
      ...reviewOf(through, []),
      application: { kind: 'no-base', reason: 'it is not in the tree' } as const,
    }
    expect(renderReview(review, plain)).toBe('boards: step 1 (2 patches)\n\nno findings\n')
  })

  it('is the same in colour once the colours are taken out', () => {
    const review = reviewOf(through, [wordRule('gate.o')])
    const coloured = renderReview(review, { colour: true })
    expect(coloured).toContain('\u001b[1;31merror:\u001b[0m')
    expect(stripVTControlCharacters(coloured)).toBe(renderReview(review, plain))
  })
})

describe('locationOf', () => {
  it('names the mail for a place in the text of the patch', () => {
    expect(locationOf({ path: '/patch', line: 7, column: 1, endLine: 7, endColumn: 2 })).toBe('patch:7')
  })
})

describe('summarise', () => {
  it('says so where there is nothing', () => {
    expect(summarise([])).toBe('no findings')
  })
})
