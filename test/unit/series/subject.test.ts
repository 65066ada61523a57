import { describe, expect, it } from 'vitest'
import { parseSubject, type Subject } from '../../../src/series/subject.ts'
import { cpuMs } from './cpu-time.ts'
import { fc } from '../../support/random.ts'

type Expected = Partial<Omit<Subject, 'prefixes'>> & { readonly prefixes?: string }

/** What a subject says; what is not given is `patch`, no reply, nothing said, and the title `clk: add a divider`. */
function said(expected: Expected): Subject {
  const { prefixes = '', ...rest } = expected
  return {
    kind: 'patch',
    reply: false,
    version: null,
    index: null,
    total: null,
    title: 'clk: add a divider',
    prefixes: prefixes.split(' ').filter((word) => word !== ''),
    ...rest,
  }
}

const cases: readonly (readonly [subject: string, expected: Expected])[] = [
  ['[PATCH] clk: add a divider', {}],
  ['[patch 3/8] clk: add a divider', { index: 3, total: 8 }],
  ['[PATCH 01/24] clk: add a divider', { index: 1, total: 24 }],
  ['[PATCH 0/3] clk: add a divider', { index: 0, total: 3 }],
  ['[PATCH1/8] clk: add a divider', { index: 1, total: 8 }],
  ['[PATCH v2] clk: add a divider', { version: 2 }],
  ['[PATCH V2] clk: add a divider', { version: 2 }],
  ['[PATCH -v2 0/7] clk: add a divider', { version: 2, index: 0, total: 7 }],
  ['[PATCHv3 2/5] clk: add a divider', { version: 3, index: 2, total: 5 }],
  ['[PATCH-v3 2/5] clk: add a divider', { version: 3, index: 2, total: 5 }],
  ['[PATCH 2/5 v3] clk: add a divider', { version: 3, index: 2, total: 5 }],
  ['[PATCH 2/5v3] clk: add a divider', { version: 3, index: 2, total: 5 }],
  ['[PATCH v3-2/5] clk: add a divider', { version: 3, index: 2, total: 5 }],
  ['[PATCH v3.1 2/4] clk: add a divider', { version: 3.1, index: 2, total: 4 }],
  ['[PATCH v2b] clk: add a divider', { version: 2.2 }],
  ['[PATCH take 2] clk: add a divider', { version: 2 }],
  ['[PATCH try #3 1 of 2] clk: add a divider', { version: 3, index: 1, total: 2 }],
  ['[PATCH v3 7/6 DONT_MERGE] clk: add a divider', { version: 3, index: 7, total: 6, prefixes: 'DONT_MERGE' }],
  ['[PATCH 0.5/3] clk: add a divider', { index: 0.5, total: 3 }],
  ['[PATCH v2 bpf-next 3/9] clk: add a divider', { version: 2, index: 3, total: 9, prefixes: 'bpf-next' }],
  ['[PATCH net-next,v3,1/2] clk: add a divider', { version: 3, index: 1, total: 2, prefixes: 'net-next' }],
  ['[PATCH -next] clk: add a divider', { prefixes: '-next' }],
  ['[PATCH-next] clk: add a divider', { prefixes: '-next' }],
  ['[linux-next PATCH] clk: add a divider', { prefixes: 'linux-next' }],
  [
    '[PATCH livepatch/master v2 1/3] clk: add a divider',
    { version: 2, index: 1, total: 3, prefixes: 'livepatch/master' },
  ],
  ['[PATCH 6.6 12/34] clk: add a divider', { index: 12, total: 34, prefixes: '6.6' }],
  ['[PATCH v6.12 1/2] clk: add a divider', { index: 1, total: 2, prefixes: 'v6.12' }],
  ['[PATCH v6.1 v2] clk: add a divider', { version: 2, prefixes: 'v6.1' }],
  ['[PATCH 5.15 5.10 v2] clk: add a divider', { version: 2, prefixes: '5.15 5.10' }],
  ['[PATCH AUTOSEL 6.12 3/9] clk: add a divider', { index: 3, total: 9, prefixes: 'AUTOSEL 6.12' }],
  ['[PATCH RESEND] clk: add a divider', { prefixes: 'RESEND' }],
  ['[RFC PATCH] clk: add a divider', { prefixes: 'RFC' }],
  ['[RFC-PATCH] clk: add a divider', { prefixes: 'RFC' }],
  ['[RFC][PATCH 1/8] clk: add a divider', { index: 1, total: 8, prefixes: 'RFC' }],
  ['[RFC v2 1/3] clk: add a divider', { version: 2, index: 1, total: 3, prefixes: 'RFC' }],
  ['[RFC] clk: add a divider', { prefixes: 'RFC' }],
  ['[RFC/RFT,V2 1/3] clk: add a divider', { version: 2, index: 1, total: 3, prefixes: 'RFC RFT' }],
  ['[POC 1/7] clk: add a divider', { index: 1, total: 7, prefixes: 'POC' }],
  ['[v2] clk: add a divider', { version: 2 }],
  ['[PATCHSET v2 0/3] clk: add a divider', { version: 2, index: 0, total: 3 }],
  ['[PATCH]: clk: add a divider', {}],
  ['[PATCH v2: 1/3] clk: add a divider', { version: 2, index: 1, total: 3 }],
  ['[PATCH]\tclk:  add\n a divider', {}],
  ['[PATCH 1/2] [PATCH] clk: add a divider', { index: 1, total: 2 }],
  ['[PATCH 1/3] [PR102768] clk: add a divider', { index: 1, total: 3, prefixes: 'PR102768' }],
  ['[PATCH [v2] 1/2] clk: add a divider', { version: 2, index: 1, total: 2 }],
  ['[kbuild-devel] [PATCH] clk: add a divider', { prefixes: 'kbuild-devel' }],
  ['[PATCH v2] clk: add ”ÄÖ” 分频器', { version: 2, title: 'clk: add ”ÄÖ” 分频器' }],
  ['\ufeff[PATCH\u00a0v2] clk: add a divider', { version: 2 }],
  ['[PATCHWORK] clk: add a divider', { kind: 'plain', prefixes: 'PATCHWORK' }],
  ['[6.2-rc4] warning: no divider', { kind: 'plain', prefixes: '6.2-rc4', title: 'warning: no divider' }],
  ['clk: add a divider', { kind: 'plain' }],
  ['[PATCH v2 1/2 clk: add a divider', { kind: 'plain', title: '[PATCH v2 1/2 clk: add a divider' }],
  ['', { kind: 'plain', title: '' }],
  ['Re: [PATCH v2 1/2] clk: add a divider', { reply: true, version: 2, index: 1, total: 2 }],
  ['AW: Re: [PATCH] clk: add a divider', { reply: true }],
  ['Fwd: [PATCH] clk: add a divider', { reply: true }],
  ['回复：[PATCH] clk: add a divider', { reply: true }],
  ['Re[2]: [PATCH] clk: add a divider', { reply: true }],
  ['[External] Re: [PATCH] clk: add a divider', { reply: true, prefixes: 'External' }],
  ['Re: no divider', { kind: 'plain', reply: true, title: 'no divider' }],
  ['[PATCH] regmap: re: read the divider again', { title: 'regmap: re: read the divider again' }],
  ['[GIT PULL] clk: add a divider', { kind: 'pull', prefixes: 'GIT PULL' }],
  ['[git pull] clk: add a divider', { kind: 'pull', prefixes: 'git pull' }],
  ['[PULL 05/10] clk: add a divider', { kind: 'pull', index: 5, total: 10, prefixes: 'PULL' }],
  ['[tip: x86/build] clk: add a divider', { kind: 'notice', prefixes: 'tip: x86/build' }],
  [
    '[clk-tree:next 15/20] error: no divider',
    { kind: 'notice', index: 15, total: 20, prefixes: 'clk-tree:next', title: 'error: no divider' },
  ],
  ['[linus:master] [clk] 1a2b3c: hangs', { kind: 'notice', prefixes: 'linus:master clk', title: '1a2b3c: hangs' }],
  [
    '[merged mm-stable] clk-add-a-divider.patch removed from -mm tree',
    { kind: 'notice', prefixes: 'merged mm-stable', title: 'clk-add-a-divider.patch removed from -mm tree' },
  ],
  [
    '+ clk-add-a-divider.patch added to mm-unstable branch',
    { kind: 'notice', title: '+ clk-add-a-divider.patch added to mm-unstable branch' },
  ],
  [
    'Patch "clk: add a divider" has been added to the 6.6-stable tree',
    { kind: 'notice', title: 'Patch "clk: add a divider" has been added to the 6.6-stable tree' },
  ],
  [
    'FAILED: patch "[PATCH] clk: add a divider" failed to apply',
    { kind: 'notice', title: 'FAILED: patch "[PATCH] clk: add a divider" failed to apply' },
  ],
]

describe('parseSubject', () => {
  it.each(cases)('reads %j', (subject, expected) => {
    expect(parseSubject(subject)).toEqual(said(expected))
  })

  it('takes the last version and count where brackets repeat them', () => {
    expect(parseSubject('[PATCH v2 1/2] [PATCH v3 2/5] clk: add a divider')).toEqual(
      said({ version: 3, index: 2, total: 5 }),
    )
  })

  it('never throws, and its title holds no more than the subject', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      'PATCH',
      'v2',
      ' ',
      '1/2',
      'Re:',
      ':',
      ',',
      'RFC',
      '0.5/3',
      '-',
      'é',
      '\ud800',
      '9999/9999',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (subject) => {
          expect(parseSubject(subject).title.length).toBeLessThanOrEqual(subject.length)
        },
      ),
    )
  })

  it.each(['[', '[]', '[ ', ' ', 'Re: ', '[PATCH ', '[a/', 'v1-', '[RFC/RFC', '[v1.', '\t\n'])(
    'reads a megabyte of %j at once',
    (piece) => {
      expect(cpuMs(() => parseSubject(piece.repeat(1_000_000 / piece.length)))).toBeLessThan(500)
    },
  )
})
