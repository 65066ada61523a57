import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import type { Skipped } from '../../../src/review/finding.ts'
import { renderSarif, type SarifTool } from '../../../src/outlets/sarif.ts'
import { patchTextPath } from '../../../src/review/finding.ts'
import { reviewOf, wordRule } from '../../support/reviews.ts'
import { seriesThrough } from '../../support/steps.ts'

/** The schema of OASIS, which @microsoft/jest-sarif carries; written for draft 4, of which it uses only what later drafts kept. */
const schemaPath = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')
const schema: unknown = JSON.parse(readFileSync(schemaPath, 'utf8'), (key, value: unknown) =>
  (key === '$schema' || key === 'id') && typeof value === 'string' ? undefined : value,
)
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
formats.default(ajv)
const validate = ajv.compile(schema as object)

/** The log, once the schema has nothing against it. */
function valid(text: string): unknown {
  const log: unknown = JSON.parse(text)
  validate(log)
  expect(validate.errors).toBeNull()
  return log
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
    expect(validate({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false)
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
