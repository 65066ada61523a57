import { describe, expect, it } from 'vitest'
import type { Skipped } from '../../../src/review/finding.ts'
import { renderSarif, type SarifTool } from '../../../src/outlets/sarif.ts'
import { patchTextPath } from '../../../src/review/finding.ts'
import { openSarifSchema } from '../../support/published-formats.ts'
import { reviewOf, wordRule } from '../../support/reviews.ts'
import { seriesThrough } from '../../support/steps.ts'

const problems = openSarifSchema()

/** The log, once the schema has nothing against it. */
function valid(text: string): unknown {
  expect(problems(text)).toEqual([])
  return JSON.parse(text)
}

const path = 'drivers/clk/Makefile'
const through = seriesThrough([{ [path]: '# clocks\n' }, { [path]: '# clocks\nobj-y += gate.o\n' }])
const at = { file: path, start: 0, end: 8 }
const rule = wordRule('gate.o', {
  when: 'CONFIG_CLK',
  evidence: ['tried gate.c'],
  related: [{ at, message: 'the clocks' }],
  suggestion: { message: 'name it', edits: [{ at, text: '# gates' }] },
})
const tool: SarifTool = { version: '0.1.0', rules: [rule], page: (id) => `# ${id}\n` }

describe('renderSarif', () => {
  it('says that a run was a success only where all was judged', () => {
    const successful = (notRun: readonly Skipped[]): unknown => valid(renderSarif({ findings: [], notRun }, tool))
    const run = (value: boolean): object => ({ runs: [{ invocations: [{ executionSuccessful: value }] }] })
    expect(successful([])).toMatchObject(run(true))
    expect(successful([{ what: 'patch 3', why: 'it does not apply' }])).toMatchObject(run(false))
  })

  it('is held against a schema that refuses', () => {
    expect(problems(JSON.stringify({ version: '2.1.0', runs: [{ results: [] }] }))).not.toEqual([])
  })

  it('tells findings in a log that the SARIF 2.1.0 schema accepts', () => {
    const review = reviewOf(through, [rule])
    const region = { startLine: 2, startColumn: 10, endLine: 2, endColumn: 16, snippet: { text: 'obj-y += gate.o' } }
    const artifactLocation = { uri: path, uriBaseId: '%SRCROOT%' }
    expect(valid(renderSarif(review, tool))).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          columnKind: 'utf16CodeUnits',
          tool: { driver: { rules: [{ id: 'told-word', help: { markdown: '# told-word\n' } }] } },
          results: [
            {
              ruleId: 'told-word',
              ruleIndex: 0,
              level: 'error',
              message: { text: '`gate.o` is written\nwhen CONFIG_CLK\ntried gate.c' },
              locations: [{ physicalLocation: { artifactLocation, region } }],
              relatedLocations: [{ message: { text: 'the clocks' } }],
              partialFingerprints: { 'kbuildReview/v1': review.findings[0]?.key },
              fixes: [{ artifactChanges: [{ replacements: [{ insertedContent: { text: '# gates' } }] }] }],
            },
          ],
        },
      ],
    })
  })

  it('is valid without findings, and tells what was not run', () => {
    const notRun = [{ what: 'patch 2', why: 'its mail is missing' }]
    expect(valid(renderSarif({ findings: [], notRun }, { ...tool, page: () => null }))).toMatchObject({
      runs: [
        {
          results: [],
          invocations: [{ toolExecutionNotifications: [{ message: { text: 'patch 2: its mail is missing' } }] }],
        },
      ],
    })
  })

  it('escapes what is no character of a URI, and has no location for the text of a patch', () => {
    const { findings } = reviewOf(through, [wordRule('gate.o')])
    const odd = findings.map((finding) => ({ ...finding, path: 'drivers/clk 1%/Makéfile' }))
    expect(valid(renderSarif({ findings: odd, notRun: [] }, tool))).toHaveProperty(
      ['runs', 0, 'results', 0, 'locations', 0, 'physicalLocation', 'artifactLocation', 'uri'],
      'drivers/clk%201%25/Mak%C3%A9file',
    )
    const mail = findings.map((finding) => ({ ...finding, path: patchTextPath }))
    expect(valid(renderSarif({ findings: mail, notRun: [] }, tool))).toHaveProperty(
      ['runs', 0, 'results', 0, 'locations'],
      [],
    )
  })

  it('tells what changes in the build as a property of the run, where something does', () => {
    const sections = [{ title: 'What this patch changes in the build (x86_64)', lines: ['new: drivers/clk/mux.o'] }]
    expect(valid(renderSarif({ findings: [], notRun: [], sections }, tool))).toMatchObject({
      runs: [{ properties: { buildChanges: sections } }],
    })
    expect(renderSarif({ findings: [], notRun: [] }, tool)).not.toContain('buildChanges')
  })
})
