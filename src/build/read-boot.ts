import { endTest } from './boot.ts'
import { readConsole } from './console-text.ts'
import type { Diagnostic, LogReading } from './diagnostic.ts'
import type { TapResult } from './read-tap.ts'

/** Lines of a console that a diagnostic keeps. */
const maxLines = 40

/** Where an oops, a warning or a panic begins (lib/bug.c, kernel/panic.c, die() of the architectures), and where a test tells what it expected. */
const telling =
  /Kernel panic - not syncing|\[ cut here \]|^(?:.{0,40})?(?:BUG|WARNING|Oops|INFO: task)\b|# .{0,200}not ok|# ERROR/

/**
 * What a boot says, as the log of a build says it: a diagnostic for each test that failed, with what the console said meanwhile. `tests` are
 * those that `judgeBoot` gave, and `log` what the console gave with them.
 */
export function readBoot(log: string, tests: readonly TapResult[]): LogReading {
  const { results, rest } = readConsole(log)
  const passed = new Set(tests.flatMap(({ outcome, name }) => (outcome === 'pass' ? [name] : [])))
  const failed = tests.flatMap((test, index) => (test.outcome === 'fail' ? [{ test, index }] : []))
  return {
    diagnostics: failed.map(({ test, index }) =>
      tellTest(test, results[index]?.lines ?? (rest.length > 0 ? rest : lastLine(log))),
    ),
    made: new Set(),
    announced: [],
    areSymbolsUnknown: false,
    passed,
    isCut: false,
  }
}

/** Of a kernel that says nothing more, what it said last. */
function lastLine(log: string): readonly string[] {
  const last = log.trimEnd().split('\n').at(-1) ?? ''
  return last === '' ? [] : [last]
}

/** What kselftest prints around a difference: the head of a diff, lines that are the same, empty ones. */
const surrounding = /^#(?: ?$| {2}| @@ | --- | \+\+\+ )/

function tellTest({ name, remark }: TapResult, said: readonly string[]): Diagnostic {
  const start = Math.max(
    0,
    said.findIndex((line) => telling.test(line)),
  )
  const verb =
    name === endTest ? 'the booted kernel does not come to its end' : `test \`${name}\` fails in the booted kernel`
  return {
    tool: 'selftest',
    kind: 'test',
    severity: 'error',
    place: null,
    message: remark === '' ? verb : `${verb}: ${remark}`,
    option: null,
    subject: name,
    scope: null,
    unit: null,
    command: null,
    notes: [],
    lines: said
      .slice(start)
      .filter((line) => !surrounding.test(line))
      .slice(0, maxLines),
    logLine: 1,
    failed: [],
  }
}
