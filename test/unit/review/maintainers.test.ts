import { describe, expect, it } from 'vitest'
import { matchesPattern, parseMaintainers, sectionsOf } from '../../../src/review/maintainers.ts'

const text = `List of maintainers
===================

	M: *Mail* patches to

Maintainers List
----------------

BOARD CLOCKS
M:	Dana Developer <dana@boards.example>
M:	"Kim, K." <kim@boards.example>
R:	pat@boards.example
L:	boards@lists.example (moderated for non-subscribers)
S:	Maintained
W:	https://boards.example
F:	drivers/clk/boards/
F:	drivers/clk/clk-board*
X:	drivers/clk/boards/old/
N:	board
K:	(a+)+b

BOARDS (everything else)
# nobody reads this
L:	boards@lists.example
S:	Orphan
F:	*/boards/

THE REST
M:	Lee <lee@kernels.example>
F:	*
F:	*/
`

const sections = parseMaintainers(text)
const names = (path: string): string[] => sectionsOf(sections, path).map(({ section }) => section.name)

describe('parseMaintainers', () => {
  it('reads people, lists, status and files of each section', () => {
    expect(sections.map(({ name }) => name)).toEqual(['BOARD CLOCKS', 'BOARDS (everything else)', 'THE REST'])
    expect(sections[0]).toEqual({
      name: 'BOARD CLOCKS',
      maintainers: ['dana@boards.example', 'kim@boards.example'],
      reviewers: ['pat@boards.example'],
      lists: ['boards@lists.example'],
      status: 'Maintained',
      files: ['drivers/clk/boards/', 'drivers/clk/clk-board*'],
      excluded: ['drivers/clk/boards/old/'],
    })
  })

  it('reads nothing out of nothing, and out of any text', () => {
    expect(parseMaintainers('')).toEqual([])
    expect(parseMaintainers('F:\tdrivers/\n\u0000<>:\nM:\t<\n')).toMatchObject([{ maintainers: ['<'], files: [] }])
  })
})

describe('sectionsOf', () => {
  it('ranks the section that names the path most precisely first', () => {
    expect(names('drivers/clk/boards/mux.c')).toEqual(['BOARD CLOCKS', 'BOARDS (everything else)', 'THE REST'])
    expect(sectionsOf(sections, 'drivers/clk/boards/mux.c').map(({ depth }) => depth)).toEqual([3, -1, -1])
  })

  it('leaves out a section that excludes the path', () => {
    expect(names('drivers/clk/boards/old/mux.c')).toEqual(['BOARDS (everything else)', 'THE REST'])
  })
})

describe('matchesPattern', () => {
  it.each([
    ['drivers/net/', 'drivers/net/phy/marvell.c', true],
    ['drivers/net/', 'drivers/network.c', false],
    ['drivers/net/*', 'drivers/net/tun.c', true],
    ['drivers/net/*', 'drivers/net/phy/marvell.c', false],
    ['*/net/*', 'drivers/net/tun.c', true],
    ['*/net/', 'drivers/net/phy/marvell.c', true],
    ['drivers/net', 'drivers/net/tun.c', true],
    ['Makefile', 'Makefile', true],
    ['Makefile', 'drivers/Makefile', false],
    ['scripts/Makefile*', 'scripts/Makefile.build', true],
    ['scripts/Makefile*', 'scripts/kconfig/Makefile', false],
    ['scripts/*vmlinux*', 'scripts/link-vmlinux.sh', true],
    // as get_maintainer.pl: the pattern need not reach the end of the name
    ['scripts/mk', 'scripts/mkcompile_h', true],
    ['drivers/gic*.[ch]', 'drivers/gic-v3.c', true],
    ['drivers/gic*.[ch]', 'drivers/gic-v3.S', false],
    ['sound/da[79]???.c', 'sound/da7213.c', true],
    ['sound/da[79]???.c', 'sound/da8213.c', false],
    ['sound/da[^79]*', 'sound/da8213.c', true],
    ['sound/da[', 'sound/da[0', true],
    ['', 'Makefile', false],
  ])('%j on %s: %s', (pattern, path, expected) => {
    expect(matchesPattern(pattern, path)).toBe(expected)
  })

  it('is quick on patterns and paths that are made to be slow', () => {
    expect(matchesPattern(`${'*a'.repeat(50)}b`, 'a'.repeat(4000))).toBe(false)
  })
})
