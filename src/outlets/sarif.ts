import type { ChangeSection } from '../review/change-sections.ts'
import {
  buildPath,
  patchTextPath,
  type Finding,
  type LocatedSuggestion,
  type Place,
  type Severity,
  type Skipped,
} from '../review/finding.ts'
import { printable } from '../review/printable.ts'
import type { Rule } from '../review/rule.ts'

/** What a SARIF log says of the tool that made it. */
export type SarifTool = {
  readonly version: string
  readonly rules: readonly Rule[]
  /** The page of a rule in markdown; null where there is none. */
  readonly page: (rule: string) => string | null
}

/** SARIF 2.1.0 §3.27.10 `level`. */
const levels: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'note' }

/** Paths are relative to the top of the kernel tree, which the reader of the log knows (§3.14.14). */
const uriBaseId = '%SRCROOT%'

/** What a log tells; `sections` say what changes in the build. */
export type SarifContents = {
  readonly findings: readonly Finding[]
  readonly notRun: readonly Skipped[]
  readonly sections?: readonly ChangeSection[]
}

/** Findings as a SARIF 2.1.0 log, one run in one document. Ends in a newline. */
export function renderSarif({ findings, notRun, sections = [] }: SarifContents, tool: SarifTool): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: driverOf(tool) },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => resultOf(finding, tool.rules)),
        invocations: [
          {
            // §3.20.14: false where the tool could not do all of its work.
            executionSuccessful: notRun.length === 0,
            toolExecutionNotifications: notRun.map(({ what, why }) => ({
              level: 'warning',
              message: { text: printable(`${what}: ${why}`) },
            })),
          },
        ],
        // §3.8: a property bag, as what changes in the build is no result and nothing about the run of the tool.
        ...(sections.length > 0 && { properties: { buildChanges: sections } }),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function driverOf({ version, rules, page }: SarifTool): object {
  return { name: 'kbuild-review', version, rules: rules.map((rule) => descriptorOf(rule, page(rule.id))) }
}

function descriptorOf({ id, summary, severity }: Rule, page: string | null): object {
  return {
    id,
    shortDescription: { text: summary },
    defaultConfiguration: { level: levels[severity] },
    ...(page !== null && { help: { text: page, markdown: page } }),
  }
}

function resultOf(finding: Finding, rules: readonly Rule[]): object {
  const { rule, severity, message, evidence = [], related = [], suggestion, key, when } = finding
  const ruleIndex = rules.findIndex(({ id }) => id === rule)
  const lines = [message, ...(when === undefined ? [] : [`when ${when}`]), ...evidence]
  return {
    ruleId: rule,
    ...(ruleIndex !== -1 && { ruleIndex }),
    level: levels[severity],
    message: { text: lines.map(printable).join('\n') },
    locations: locationsOf(finding),
    relatedLocations: related.flatMap((each) =>
      locationsOf(each).map((location) => ({ ...location, message: { text: printable(each.message) } })),
    ),
    partialFingerprints: { 'kbuildReview/v1': key },
    ...(suggestion && { fixes: fixesOf(suggestion) }),
  }
}

/** No location for a place in the patch's own text or a build as a whole: that is no file of the tree. */
function locationsOf(place: Place): object[] {
  if (place.path === patchTextPath || place.path === buildPath) return []
  const region = { ...regionOf(place), snippet: { text: printable(place.source) } }
  return [{ physicalLocation: { artifactLocation: artifactOf(place.path), region } }]
}

function artifactOf(path: string): object {
  return { uri: path.toWellFormed().split('/').map(encodeURIComponent).join('/'), uriBaseId }
}

function regionOf({ line, column, endLine, endColumn }: Place): object {
  return { startLine: line, startColumn: column, endLine, endColumn }
}

function fixesOf({ message, edits }: LocatedSuggestion): object[] {
  const byFile = Map.groupBy(edits, ({ path }) => path)
  const artifactChanges = [...byFile].map(([path, changes]) => ({
    artifactLocation: artifactOf(path),
    replacements: changes.map((edit) => ({ deletedRegion: regionOf(edit), insertedContent: { text: edit.text } })),
  }))
  return artifactChanges.length === 0 ? [] : [{ description: { text: printable(message) }, artifactChanges }]
}
