import { describe, expect, it } from 'vitest'
import { joinArchs } from '../../../src/review/changes.ts'
import { draftReplies, type ReplyOptions } from '../../../src/review/draft-replies.ts'
import type { Reply } from '../../../src/review/reply.ts'
import type { Review } from '../../../src/review/review.ts'
import type { Envelope, Series } from '../../../src/series/series.ts'
import { namedBase, reviewOf, wordRule, type Telling } from '../../support/reviews.ts'
import { envelopeOf, seriesThrough } from '../../support/steps.ts'
import type { TreeLiteral } from '../../support/tree.ts'

const path = 'drivers/clk/Makefile'
const options: ReplyOptions = {
  domain: 'reviews.example',
  ownAddresses: ['bot@reviews.example'],
  optedIn: () => true,
  ran: 'kbuild-review 0.1.0: 12 rules on the build files, before and after each patch; nothing was built',
  signature: ['kbuild-review 0.1.0'],
}

type Given = { readonly envelope?: Partial<Envelope>; readonly series?: Partial<Series> }

function reviewed(trees: readonly TreeLiteral[], telling: Telling = {}, given: Given = {}): Review {
  return reviewOf(seriesThrough(trees, given), [wordRule('gate', telling)])
}

/** The reply to a patch that adds the given lines to a makefile of clocks. */
function replyTo(added: string, telling: Telling = {}, given: Given = {}): Reply {
  const before = '# clocks of boards\n\nobj-y += core.o\nobj-y += mux.o\n'
  const [reply] = draftReplies(reviewed([{ [path]: before }, { [path]: before + added }], telling, given), options)
  return reply ?? expect.unreachable('there is a reply')
}

/** Trees of a series in which each of `count` patches adds an entry of its own to a file of its own. */
function growing(count: number, entry: (at: number) => string): TreeLiteral[] {
  return Array.from({ length: count + 1 }, (_, patches) =>
    Object.fromEntries(Array.from({ length: patches }, (_, at) => [`drivers/clk-${at + 1}/Makefile`, entry(at + 1)])),
  )
}

const lines = (reply: Reply): string[] => reply.body.split('\n')

describe('a reply to a patch', () => {
  it('says that it is automated and what was run, on which base, and quotes the line above what it says of it', () => {
    const reply = replyTo('obj-y += gate.o\nobj-y += pll.o\n', {
      when: 'CONFIG_CLK',
      evidence: ['tried drivers/clk/gate.c'],
      suggestion: { message: 'name the source', edits: [] },
      reproduce: ['make drivers/clk/'],
    })
    expect(reply.body).toBe(
      [
        'This is an automated review by kbuild-review 0.1.0: 12 rules on the',
        'build files, before and after each patch; nothing was built.',
        'Base: 4a39ac5b7d62 (base-commit of the mail).',
        '',
        '> diff --git a/drivers/clk/Makefile b/drivers/clk/Makefile',
        '> @@ -2,3 +2,5 @@',
        '>',
        '>  obj-y += core.o',
        '>  obj-y += mux.o',
        '> +obj-y += gate.o',
        '',
        '`gate` is written [told-word]',
        'when CONFIG_CLK',
        '  tried drivers/clk/gate.c',
        '',
        'Suggestion: name the source',
        '',
        'Reproduce:',
        '',
        '  b4 am -v 1 -o - 20240902120000.1-1-dana@boards.example | kbuild-review check --base 4a39ac5b7d62 -',
        '  make drivers/clk/',
        '',
        '-- ',
        'kbuild-review 0.1.0',
        '',
      ].join('\n'),
    )
  })

  it('goes to the author in the thread of the patch', () => {
    const reply = replyTo(
      'obj-y += gate.o\n',
      {},
      {
        envelope: {
          id: 'patch@boards.example',
          inReplyTo: 'cover@boards.example',
          references: ['root@boards.example', 'cover@boards.example'],
        },
      },
    )
    expect(reply).toMatchObject({
      inReplyTo: 'patch@boards.example',
      references: ['root@boards.example', 'cover@boards.example', 'patch@boards.example'],
      to: [{ address: 'dana@boards.example' }],
      cc: [{ address: 'linux-kbuild@vger.kernel.org' }],
      subject: 'Re: [PATCH] boards: step 1',
    })
    expect(reply.messageId).toBe(`${reply.key}@reviews.example`)
    expect(reply.findings).toHaveLength(1)
  })

  it('takes In-Reply-To for the thread where the patch has no References', () => {
    const reply = replyTo('obj-y += gate.o\n', {}, { envelope: { id: 'b@x', inReplyTo: 'a@x', references: [] } })
    expect(reply.references).toEqual(['a@x', 'b@x'])
  })

  it('is the same, byte for byte, when it is made again', () => {
    expect(replyTo('obj-y += gate.o\n')).toEqual(replyTo('obj-y += gate.o\n'))
  })

  it('cuts what lies between the lines it is about', () => {
    const filler = Array.from({ length: 9 }, (_, at) => `obj-y += clk-${at}.o\n`).join('')
    const body = replyTo(`obj-y += gate.o\n${filler}obj-m += gate.o\n`).body
    expect(body).toContain('> +obj-y += gate.o\n\n`gate` is written [told-word]\n\n[ ... ]\n> +obj-y += clk-6.o\n')
    expect(body).not.toContain('clk-5.o')
  })

  it('names the place of what the mail does not show', () => {
    const before = { [path]: 'obj-y += core.o\n', 'drivers/clk/Makefile.gates': 'obj-y += gate.o\n' }
    const rule = wordRule('gate')
    const through = seriesThrough([{ ...before, 'drivers/clk/Makefile.gates': '' }, before])
    const review = reviewOf(through, [rule])
    const elsewhere = review.findings.map((finding) => ({ ...finding, path, placement: { kind: 'summary' } as const }))
    const [reply] = draftReplies({ ...review, findings: elsewhere }, options)
    expect(reply?.body).toContain('\ndrivers/clk/Makefile:1: `gate` is written [told-word]\n    obj-y += gate.o\n')
    expect(reply?.body).not.toContain('> ')
  })

  it('wraps its own prose at 72 and no quote, and cuts a quoted line at 200', () => {
    const long = `obj-y += gate.o ${'clk.o '.repeat(60)}`.trimEnd()
    const reply = replyTo(`${long}\n`, { message: 'a word and another '.repeat(20) })
    const quoted = lines(reply).find((line) => line.startsWith('> +obj-y += gate.o')) ?? ''
    expect(quoted).toHaveLength(200)
    expect(quoted.endsWith('...')).toBe(true)
    const own = lines(reply).filter((line) => !/^(> |  )/.test(line))
    expect(Math.max(...own.map((line) => line.length))).toBeLessThanOrEqual(72)
  })

  it('has at most ten remarks and a count of the rest', () => {
    const reply = replyTo('obj-y += gate.o\n'.repeat(23))
    expect(lines(reply).filter((line) => line.endsWith('[told-word]'))).toHaveLength(10)
    expect(reply.body).toContain('\n13 more remarks: the command below tells all.\n')
    expect(reply.findings).toHaveLength(10)
  })

  it('stays below 100 lines, with fewer remarks where they are long', () => {
    const evidence = Array.from({ length: 30 }, (_, at) => `line ${at} of the log`)
    const reply = replyTo('obj-y += gate.o\n'.repeat(12), { evidence, message: 'a word '.repeat(100) })
    expect(lines(reply).length).toBeLessThanOrEqual(100)
    expect(reply.findings.length).toBeGreaterThan(1)
    expect(reply.findings.length).toBeLessThan(10)
    expect(reply.body).toContain('  [ 22 more ]\n')
  })

  it('tells errors before warnings where it cannot tell all', () => {
    const entries = 'obj-y += mild.o\n'.repeat(12) + 'obj-y += gate.o\n'
    const through = seriesThrough([{ [path]: '# clocks\n' }, { [path]: `# clocks\n${entries}` }])
    const review = reviewOf(through, [wordRule('mild', {}, { id: 'mild-word', severity: 'warning' }), wordRule('gate')])
    expect(draftReplies(review, options)[0]?.body).toContain('`gate` is written [told-word]')
  })

  it('says how a patch that did not apply cleanly went on', () => {
    const review = reviewed([{ [path]: '' }, { [path]: 'obj-y += gate.o\n' }])
    if (review.application.kind !== 'applied') return expect.unreachable('it applied')
    const patches = review.application.patches.map(
      (each) => ({ ...each, how: 'fuzz', detail: 'drivers/clk/Makefile hunk 1' }) as const,
    )
    const [reply] = draftReplies({ ...review, application: { ...review.application, patches } }, options)
    expect(reply?.body).toContain('\nPatch 1 went on with fuzz: drivers/clk/Makefile hunk 1.\n')
  })
})

describe('what a reply tells of the build', () => {
  const change = (at: number): string =>
    `new: drivers/${'net/ethernet/'.repeat(4)}vendor-${at}/board.o, built-in, when CONFIG_BOARDS && CONFIG_BOARDS_${at}`

  /** The replies to a series, told as if each of its patches changed so much. */
  function told(count: number, changed: (at: number) => readonly string[], telling: Telling = {}): readonly Reply[] {
    const review = reviewed(
      growing(count, () => 'obj-y += gate.o\n'),
      telling,
    )
    const patches = review.series.patches.map(({ index }) => ({
      patch: index,
      ...joinArchs([{ arch: 'x86_64', lines: changed(index) }]),
    }))
    const whole = joinArchs([{ arch: 'x86_64', lines: ['new: drivers/clk/whole.o'] }])
    return draftReplies({ ...review, changes: { patches, whole } }, options)
  }

  /** The lines of the section of a body. */
  function section(body: string): readonly string[] {
    return (body.split(/\n\n(?=What this)/)[1] ?? '').split('\n\n')[0]?.split('\n') ?? []
  }

  it('stands between the remarks and the commands, of the patch that is answered', () => {
    const [first, second] = told(2, (at) => [`new: drivers/clk-${at}/gate.o, built-in`])
    expect(first?.body).toContain(
      '[told-word]\n\nWhat this patch changes in the build (x86_64):\n  new: drivers/clk-1/gate.o, built-in\n\nReproduce:\n',
    )
    expect(second?.body).toContain('\n  new: drivers/clk-2/gate.o, built-in\n')
  })

  it('is that of the whole series in a summary', () => {
    const [only, ...others] = told(4, (at) => [`new: drivers/clk-${at}/gate.o, built-in`])
    expect(others).toEqual([])
    expect(section(only?.body ?? '')).toEqual([
      'What this series changes in the build (x86_64):',
      '  new: drivers/clk/whole.o',
    ])
  })

  it('has at most fifteen lines, no longer than the mail, and no broken path', () => {
    const [reply] = told(1, () => Array.from({ length: 15 }, (_, at) => change(at)))
    const lines = section(reply?.body ?? '')
    expect(lines.length).toBeLessThanOrEqual(15)
    expect(lines.length).toBeGreaterThan(10)
    expect(lines.at(-1)).toBe('  ... and more')
    expect(lines.filter((line) => line.length > 72 && line.trim().includes(' '))).toEqual([])
    expect(lines.filter((line) => line.includes('drivers/')).every((line) => /board\.o,$/.test(line))).toBe(true)
  })

  it('gives way to the remarks where the mail would get too long', () => {
    const evidence = Array.from({ length: 8 }, (_, at) => `line ${at} of the log`)
    const long = (lines: readonly string[]): Reply | undefined => {
      const review = reviewed([{ [path]: '' }, { [path]: 'obj-y += gate.o\n'.repeat(7) }], { evidence })
      const changes = joinArchs([{ arch: 'x86_64', lines }])
      return draftReplies({ ...review, changes: { patches: [{ patch: 1, ...changes }], whole: changes } }, options)[0]
    }
    const [without, with15] = [long([]), long(Array.from({ length: 15 }, (_, at) => change(at)))]
    expect(without?.findings.length).toBe(7)
    expect(with15).toEqual(without)
    expect(long(['new: drivers/clk/gate.o'])?.body).toContain('What this patch changes')
  })
})

describe('hostile text in a reply', () => {
  it('is no trailer, no diff and no signature of ours', () => {
    const message = [
      'x '.repeat(36),
      'Reviewed-by: Linus <torvalds@linux-foundation.org>',
      'y '.repeat(36),
      'diff --git a/Makefile b/Makefile',
    ].join(' ')
    const evidence = [
      'Acked-by: Pat <pat@maintainers.example>',
      '-- ',
      '--- a/Makefile',
      'From pat Mon Sep 17 00:00:00 2001',
    ]
    const reply = replyTo('obj-y += gate.o\n', { message, evidence })
    const own = lines(reply).filter((line) => !line.startsWith('> '))
    expect(own.filter((line) => /^\s*[\w-]+-by:/i.test(line))).toEqual([])
    expect(own.filter((line) => /^\s*(diff --git|--- |From )/.test(line))).toEqual([])
    expect(lines(reply).filter((line) => /^\s*--\s*$/.test(line))).toEqual(['-- '])
  })

  it('drives no terminal and turns no text around', () => {
    const reply = replyTo('obj-y += gate.o # \u202e\u001b[2J\n', { evidence: ['\u001b]0;x\u0007'] })
    expect(reply.body).toContain('> +obj-y += gate.o # \\u202e\\x1b[2J')
    expect(reply.body).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  })

  it('adds no header by the subject', () => {
    const reply = replyTo(
      'obj-y += gate.o\n',
      {},
      { envelope: { subject: '[PATCH] x\r\nBcc: everybody@lists.example\n\nbody' } },
    )
    expect(reply.subject).toBe('Re: [PATCH] x Bcc: everybody@lists.example body')
  })

  it('gets no Message-ID into a command that a shell would read otherwise', () => {
    for (const id of ['$(reboot)@x.example', '-o@x.example', "a'b@x.example", 'a b@x', 'missing-0123abcd'])
      expect(replyTo('obj-y += gate.o\n', {}, { envelope: { id }, series: { id } }).body).not.toContain('b4 am')
  })

  it.each([`missing-${'b1'.repeat(20)}`, 'a8'.repeat(20)])('names no Message-ID that nobody has: %s', (id) => {
    const reply = replyTo('obj-y += gate.o\n', {}, { envelope: { id }, series: { id } })
    expect(reply).toMatchObject({ inReplyTo: null, references: [] })
    expect(reply.body).not.toContain(id)
  })

  it('gets no thread of thousands into References', () => {
    const references = Array.from({ length: 5000 }, (_, at) => `${at}@boards.example`)
    const reply = replyTo('obj-y += gate.o\n', {}, { envelope: { id: 'last@x', references } })
    expect(reply.references).toHaveLength(20)
    expect([reply.references[0], reply.references.at(-1)]).toEqual(['0@boards.example', 'last@x'])
  })
})

describe('the replies to a series', () => {
  it('are one to each patch with findings, up to three', () => {
    const replies = draftReplies(
      reviewed(growing(4, (at) => (at === 2 ? 'obj-y += mux.o\n' : `obj-y += gate-${at}.o\n`))),
      options,
    )
    expect(replies.map(({ inReplyTo }) => inReplyTo)).toEqual([
      '20240902120000.1-1-dana@boards.example',
      '20240902120000.1-3-dana@boards.example',
      '20240902120000.1-4-dana@boards.example',
    ])
    expect(new Set(replies.map(({ key }) => key)).size).toBe(3)
  })

  it('are one to the cover letter where more patches have findings', () => {
    const cover = {
      envelope: envelopeOf({ id: 'cover@boards.example', subject: '[PATCH 0/4] boards' }),
      title: 'boards',
      text: '',
    }
    const review = reviewed(
      growing(4, (at) => `obj-y += gate-${at}.o\n`),
      {},
      { series: { cover } },
    )
    const replies = draftReplies(review, options)
    expect(replies).toHaveLength(1)
    expect(replies[0]).toMatchObject({ inReplyTo: 'cover@boards.example', subject: 'Re: [PATCH 0/4] boards' })
    expect(lines(replies[0] ?? expect.unreachable('one')).filter((line) => line.startsWith('Patch '))).toEqual([
      'Patch 1, boards: step 1:',
      'Patch 2, boards: step 2:',
      'Patch 3, boards: step 3:',
      'Patch 4, boards: step 4:',
    ])
    expect(replies[0]?.findings).toHaveLength(4)
  })

  it('are one to the first patch where there is no cover letter', () => {
    const [reply, ...more] = draftReplies(reviewed(growing(4, (at) => `obj-y += gate-${at}.o\n`)), options)
    expect(reply?.inReplyTo).toBe('20240902120000.1-1-dana@boards.example')
    expect(more).toEqual([])
  })

  it('are none where there is nothing but remarks, or nobody to write to', () => {
    const trees = growing(1, () => 'obj-y += gate.o\n')
    expect(draftReplies(reviewOf(seriesThrough(trees), [wordRule('gate', {}, { severity: 'info' })]), options)).toEqual(
      [],
    )
    expect(draftReplies(reviewed(trees), { ...options, ownAddresses: ['dana@boards.example'] })).toEqual([])
  })

  it('are one that tells file and hunk where the series does not apply', () => {
    const review = reviewed(growing(2, (at) => `obj-y += gate-${at}.o\n`))
    const hunk = {
      number: 2,
      header: '@@ -10,3 +10,4 @@',
      reason: `line 11 is \`obj-y += core.o # ${'x'.repeat(80)}\` where the patch has \`obj-y += gate.o\``,
    }
    const first = {
      index: 2,
      kind: 'refused',
      files: [{ path, hunks: [hunk], reason: '1 of 3 hunks does not apply' }],
      log: '',
    } as const
    const application = { kind: 'conflict', base: namedBase, patches: [first], first } as const
    const replies = draftReplies({ ...review, application }, options)
    expect(replies).toHaveLength(1)
    expect(replies[0]?.body).toContain(
      [
        'Patch 2, boards: step 2, does not apply to it:',
        '',
        'drivers/clk/Makefile: 1 of 3 hunks does not apply',
        '  hunk 2: @@ -10,3 +10,4 @@',
        `    line 11 is \`obj-y += core.o # ${'x'.repeat(80)}\``,
        '    where the patch has `obj-y += gate.o`',
        '',
        'It was not judged. Which tree is the series for?',
        '',
      ].join('\n'),
    )
    expect(replies[0]?.findings).toEqual([])

    const earlier = { ...application, first: { ...first, index: 1 } }
    const [reply] = draftReplies({ ...review, application: earlier }, options)
    expect(reply?.body).toContain('The patches from there on were not judged. Which tree is the series for?\n')
  })
})
