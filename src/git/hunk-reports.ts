/** How a hunk (1-based in its file) got on. `line` is where it went in the new file; null where it failed. */
export type HunkOutcome = {
  readonly number: number
  readonly line: number | null
  readonly fuzz: number
  readonly offset: number
}

/** What git or GNU patch said of one file: what stands behind its heading, and the hunks that did not go in just as they say. */
export type FileReport = { readonly name: string; readonly hunks: readonly HunkOutcome[] }

/** The reports of GNU patch (patch.c `main()`), by file. */
export function readPatchReports(output: string): readonly FileReport[] {
  return readReports(output, /^(?:patching|checking) file (.*)$/)
}

/** The reports of `git apply --verbose` (apply.c `check_patch_list()`, `apply_one_fragment()`), in the order of the patch. */
export function readGitReports(output: string): readonly FileReport[] {
  return readReports(output, /^Checking patch (.*)\.\.\.$/)
}

function readReports(output: string, heading: RegExp): readonly FileReport[] {
  const reports: { name: string; hunks: HunkOutcome[] }[] = []
  for (const line of output.split('\n')) {
    const file = heading.exec(line)
    if (file !== null) reports.push({ name: file[1] ?? '', hunks: [] })
    const hunk = /^Hunk #(\d+) (succeeded|FAILED) at (\d+)(?: with fuzz (\d+))?(?: \(offset (-?\d+) lines?\))?/.exec(
      line,
    )
    if (hunk === null) continue
    const [, number, verdict, at, fuzz = '0', offset = '0'] = hunk
    const place = verdict === 'FAILED' ? null : Number(at)
    reports.at(-1)?.hunks.push({ number: Number(number), line: place, fuzz: Number(fuzz), offset: Number(offset) })
  }
  return reports
}

/** Hunks named in a detail; more are counted. */
const mostNamed = 5

/** The hunks that went in elsewhere or with fuzz: `drivers/Makefile hunk 2: fuzz 1, 12 lines further down`. */
export function describeReports(reports: readonly FileReport[]): string {
  const all = reports.flatMap(({ name, hunks }) =>
    hunks.map((hunk) => `${name} hunk ${hunk.number}: ${describe(hunk)}`),
  )
  const more = all.length > mostNamed ? [`${all.length - mostNamed} more`] : []
  return [...all.slice(0, mostNamed), ...more].join('; ')
}

function describe({ fuzz, offset }: HunkOutcome): string {
  const lines = Math.abs(offset) === 1 ? 'line' : 'lines'
  const moved = offset === 0 ? [] : [`${Math.abs(offset)} ${lines} further ${offset > 0 ? 'down' : 'up'}`]
  return [...(fuzz === 0 ? [] : [`fuzz ${fuzz}`]), ...moved].join(', ')
}
