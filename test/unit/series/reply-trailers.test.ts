import { describe, expect, it } from 'vitest'
import { replyTrailers } from '../../../src/series/reply-trailers.ts'
import { cpuMs } from './cpu-time.ts'

const grace = { name: 'Grace Hopper', address: 'grace@example.org' }
const reviewed = 'Reviewed-by: Grace Hopper <grace@example.org>'

/** What a reply of Grace's gives, and what it names for others, as lines. */
function given(
  lines: readonly string[],
  kind: 'comments' | 'proposes-patch' = 'comments',
): { given: readonly string[]; foreign: readonly string[] } {
  const found = replyTrailers(lines.join('\n'), grace, kind)
  const show = ({ name, value }: { name: string; value: string }): string => `${name}: ${value}`
  return { given: found.given.map(show), foreign: found.foreign.map(show) }
}

describe('replyTrailers', () => {
  it('takes what stands on a line of its own', () => {
    expect(given(['> The divider was missing.', '', 'Looks good to me.', '', reviewed, '', 'Thanks'])).toEqual({
      given: [reviewed],
      foreign: [],
    })
  })

  it('takes an indented one, and one whose address was wrapped', () => {
    expect(given([`  ${reviewed}`]).given).toEqual([reviewed])
    expect(given(['Reviewed-by: Grace Hopper', '<grace@example.org>']).given).toEqual([reviewed])
  })

  it('takes Fixes with a commit', () => {
    expect(given(['Fixes: 1a2b3c4d5e6f ("clk: add")', 'Fixes: the divider']).given).toEqual([
      'Fixes: 1a2b3c4d5e6f ("clk: add")',
    ])
  })

  it('takes none out of quotes, the signature, or a mail that is attached below', () => {
    expect(given([`> ${reviewed}`, `| ${reviewed}`]).given).toEqual([])
    expect(given(['Thanks', '-- ', reviewed]).given).toEqual([])
    expect(given(['Thanks', '-----Original Message-----', reviewed]).given).toEqual([])
    expect(given(['Thanks', '________________________________', reviewed]).given).toEqual([])
    expect(
      given(['------- Original Message -------', 'Ada wrote:', '> The divider was missing.', reviewed]).given,
    ).toEqual([reviewed])
  })

  it('takes none that stands in a sentence or lacks an address', () => {
    expect(given([`Feel free to add ${reviewed}`, 'Reviewed-by: me', 'Reviewed-by:']).given).toEqual([])
  })

  it('takes none that a robot advises for a fix', () => {
    const advice = 'If you fix the issue, kindly add following tag where applicable'
    expect(given([reviewed, advice, 'Reported-by: Grace Hopper <grace@example.org>']).given).toEqual([reviewed])
  })

  it('names those with the address of another person apart', () => {
    const other = 'Tested-by: Ada Byron <ada@example.org>'
    expect(given([reviewed, other])).toEqual({ given: [reviewed], foreign: [other] })
  })

  it.each([
    'Reviewed-by: Grace Hopper <GRACE@example.org>',
    'Reviewed-by: G. Hopper <grace+kernel@example.org>',
    'Reviewed-by: G. Hopper <grace@linux.example.org>',
    'Reviewed-by: Grace Hopper <hopper@example.com>',
    'Reviewed-by: "Hopper, Grace" <hopper@example.com>',
    'Reviewed-by: Grace Hopper <grace@example.org> # drivers/clk',
    'Acked-by:Grace Hopper <grace@example.org>',
    'Acked-by:\u00a0 Grace Hopper <grace@example.org>',
  ])('knows the sender in %j', (line) => {
    expect(given([line]).given).toHaveLength(1)
  })

  it.each([
    'Reviewed-by: Grace <ace@example.org>',
    'Reviewed-by: G. Hopper <grace@example.com>',
    'Reviewed-by: G. Hopper <grace@notexample.org>',
  ])('knows another person in %j', (line) => {
    expect(given([line]).foreign).toHaveLength(1)
  })

  it('leaves the trailers of a proposed patch to that patch', () => {
    const lines = [
      reviewed,
      'with this on top:',
      'Fixes: 1a2b3c4d5e6f ("clk: add")',
      'Signed-off-by: Grace Hopper <grace@example.org>',
    ]
    expect(given(lines, 'proposes-patch').given).toEqual([reviewed])
    expect(given(lines).given).toHaveLength(3)
  })

  it('reads hostile text in linear time', () => {
    for (const text of [
      'Reviewed-by: '.repeat(80_000),
      `Reviewed-by: a@b${' '.repeat(1_000_000)}#`,
      'please add '.repeat(90_000),
      'Reviewed-by: <a@b>\n'.repeat(5_000),
    ]) {
      expect(cpuMs(() => replyTrailers(text, grace, 'comments'))).toBeLessThan(2000)
    }
  })
})
