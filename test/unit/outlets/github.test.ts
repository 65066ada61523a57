import { describe, expect, it } from 'vitest'
import { renderGithub } from '../../../src/outlets/github.ts'
import { patchTextPath } from '../../../src/review/finding.ts'
import { reviewOf, wordRule } from '../../support/reviews.ts'
import { seriesThrough } from '../../support/steps.ts'

const path = 'drivers/clk/Makefile'
const through = seriesThrough([{ [path]: '# clocks\n' }, { [path]: '# clocks\nobj-y += gate.o\n' }])
const findings = (evidence: readonly string[], message = '`gate.o` is written') =>
  reviewOf(through, [wordRule('gate.o', { evidence, message })]).findings

describe('renderGithub', () => {
  it('prints a workflow command a finding, its last column inclusive', () => {
    expect(renderGithub(findings([]))).toBe(
      '::error file=drivers/clk/Makefile,line=2,endLine=2,col=10,endColumn=15,title=told-word::`gate.o` is written\n',
    )
  })

  it('keeps evidence on the same line', () => {
    expect(renderGithub(findings(['tried gate.c']))).toMatch(/::`gate\.o` is written%0Atried gate\.c\n$/)
  })

  it('lets no text end a command or begin another', () => {
    const output = renderGithub(findings([], '100%\n::set-output name=x::y\r'))
    expect(output.split('\n')).toHaveLength(2)
    expect(output).toContain('::100%25\\x0a::set-output')
    const [finding] = findings([])
    if (!finding) return expect.unreachable('there is a finding')
    expect(renderGithub([{ ...finding, path: 'drivers/a,line=9:b%\nc' }])).toContain(
      'file=drivers/a%2Cline=9%3Ab%25%0Ac,line=2',
    )
  })

  it('gives no file for a place in the text of the patch', () => {
    const [finding] = findings([])
    if (!finding) return expect.unreachable('there is a finding')
    expect(renderGithub([{ ...finding, path: patchTextPath }])).toBe('::error title=told-word::`gate.o` is written\n')
  })

  it('tells what changes in the build as a notice of the run', () => {
    const sections = [{ title: 'What this patch changes in the build (x86_64)', lines: ['new: a.o', 'gone: 100%.o'] }]
    expect(renderGithub([], sections)).toBe(
      '::notice title=What this patch changes in the build (x86_64)::new: a.o%0Agone: 100%25.o\n',
    )
  })
})
