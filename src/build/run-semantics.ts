import { remadeItems, type SemanticCheck, type SemanticGap, type SemanticResult } from './build-semantics.ts'
import type { BuildPaths, GoalRun } from './goal-run.ts'
import { kbuildTrees } from './log-paths.ts'
import { readLog } from './read-log.ts'
import type { CommandEnd } from './sandbox-model.ts'
import { forgetModules, moduleDirectories } from './stale.ts'

/** What checks are made with: the tree that was built, in the sandbox that it was built in. What they leave there is nobody's evidence. */
export type Semantics = {
  readonly checks: readonly SemanticCheck[]
  /** What was run and succeeded, in order. */
  readonly goals: readonly GoalRun[]
  /** Directories of external modules, below the source tree. */
  readonly modules: readonly string[]
  /** Further directories there that goals build in by design. */
  readonly inSource: readonly string[]
  readonly paths: BuildPaths
  readonly run: (command: readonly string[], directory: string) => Promise<CommandEnd>
}

/** A file whose time says what was written since the goals began; in the sandbox. */
const beginMark = '/tmp/.kbuild-review-begin'
const touchMark = '/tmp/.kbuild-review-touch'

/** What must be run before the first goal, so that what the goals write can be told from what was there. */
export const markCommand: readonly string[] = ['touch', beginMark]

/** More files are not looked at: `make clean` of a whole kernel leaves some thousand below the output. */
const maxFiles = 20_000

/** Makes the checks one after the other, `clean` last, as nothing is left after it; those that do not apply are left out. */
export async function runSemantics(semantics: Semantics): Promise<readonly SemanticResult[]> {
  const { checks, goals } = semantics
  if (goals.length === 0) return []
  const found: (SemanticResult | null)[] = []
  for (const check of order.filter((each) => checks.includes(each))) {
    const isBroken = found.some((each) => each?.check === 'second-make' && 'gap' in each && each.gap === 'failed')
    const why = 'a second make fails already'
    if (isBroken && needsMake.has(check)) found.push({ check, gap: 'unjudged', why, lines: [] })
    else found.push(await makers[check](semantics))
  }
  return found.flatMap((each) => each ?? [])
}

const order: readonly SemanticCheck[] = ['source-clean', 'second-make', 'touch', 'parallel', 'clean']

/** What can only be looked at where make, run again, succeeds. */
const needsMake: ReadonlySet<SemanticCheck> = new Set<SemanticCheck>(['touch', 'parallel'])

const makers: Readonly<Record<SemanticCheck, (semantics: Semantics) => Promise<SemanticResult | null>>> = {
  'source-clean': checkSource,
  'second-make': checkSecondMake,
  touch: checkTouch,
  parallel: checkParallel,
  clean: checkClean,
}

/** The files that were written into the source tree, but for the directories that are built in. */
async function checkSource({ run, modules, inSource, paths }: Semantics): Promise<SemanticResult> {
  const conditions = [...modules, ...inSource].flatMap(prune)
  const items = await listFiles(run, [...conditions, '-type', 'f', '-newer', beginMark], paths.source)
  return items === null ? unlisted('source-clean') : { check: 'source-clean', items }
}

function unlisted(check: SemanticCheck): SemanticGap {
  return { check, gap: 'unjudged', why: `its files cannot be listed, or are more than ${maxFiles}`, lines: [] }
}

function prune(directory: string): readonly string[] {
  return ['-path', `./${directory}`, '-prune', '-o']
}

async function checkSecondMake({ goals, run, paths }: Semantics): Promise<SemanticResult> {
  const announced: string[] = []
  for (const { goal, command, directory } of goals) {
    const end = await run(command, directory)
    if (end.status !== 'ok') return gapOf('second-make', goal, end)
    announced.push(
      ...readLog(
        [end.log.text],
        kbuildTrees(paths, directory, () => true),
      ).announced,
    )
  }
  return remadeItems({ announced })
}

/** All sources of the modules are made new; what keeps its old time then depends on nothing of it. Objects that modpost writes have no source. */
const touchScript = `${moduleDirectories}
touch ${touchMark}
directories "$@" | while read -r directory; do
    source=source/\${directory#*/}
    find "$source" -maxdepth 1 -type f \\( -name '*.c' -o -name '*.S' -o -name '*.rs' \\) -exec touch {} +
done
`

/**
 * Objects that are older than the mark, although their source is not: fixdep writes its name into the .cmd file (scripts/basic/fixdep.c, parse_dep_file()), relative to where the compiler
 * was started. A source that was generated was not touched.
 */
const untouchedScript = `${moduleDirectories}
directories "$@" | while read -r directory; do
    find "$directory" -maxdepth 1 -type f -name '*.o' ! -name '*.mod.o' ! -newer ${touchMark} -printf '%f\\n' |
        while read -r object; do
            source=$(sed -n 's/^source_[^ ]* := //p' "$directory/.$object.cmd" 2>/dev/null | head -n 1)
            for path in "$source" "output/$source" "$directory/$source"; do
                [ -f "$path" ] || continue
                [ ${touchMark} -nt "$path" ] || echo "\${directory#*/}/$object"
                break
            done
        done
done
true
`

async function checkTouch({ goals, modules, run }: Semantics): Promise<SemanticResult> {
  const script = (text: string): Promise<CommandEnd> => run(['sh', '-c', text, 'sh', ...modules], '/build')
  if ((await script(touchScript)).status !== 'ok') return unlisted('touch')
  const gap = await runAll('touch', goals, run)
  if (gap !== null) return gap
  const items = linesOf(await script(untouchedScript))
  return items === null ? unlisted('touch') : { check: 'touch', items }
}

const digestScript = `${moduleDirectories}
directories "$@" | while read -r directory; do
    find "$directory" -maxdepth 1 -type f \\( -name '*.o' -o -name '*.ko' \\) -exec sha256sum {} +
done | sort -k 2
`

/** Made with the jobs that builds have, and again with one: the names of what differs. Nothing can be told where no module was made. */
async function checkParallel({ goals, modules, run }: Semantics): Promise<SemanticResult | null> {
  const digests = async (): Promise<readonly string[] | null> =>
    linesOf(await run(['sh', '-c', digestScript, 'sh', ...modules], '/build'))
  const many = await digests()
  if (many?.length === 0) return null
  const removed = await run(forgetModules(modules), '/build')
  if (many === null || removed.status !== 'ok') return unlisted('parallel')
  const gap = await runAll('parallel', goals.map(withOneJob), run)
  if (gap !== null) return gap
  const one = await digests()
  if (one === null) return unlisted('parallel')
  const differing = [...many.filter((line) => !one.includes(line)), ...one.filter((line) => !many.includes(line))]
  const names = differing.map((line) => line.slice(line.indexOf('/') + 1))
  return { check: 'parallel', items: [...new Set(names)].sort() }
}

function withOneJob(goal: GoalRun): GoalRun {
  return { ...goal, command: goal.command.map((word) => (/^-j\d+$/.test(word) ? '-j1' : word)) }
}

/**
 * What is there after `make clean` of every goal that made modules; what git ignores is left out where the tree is known. Selftests are below the output, in
 * kselftest/ (tools/testing/selftests/Makefile, BUILD), and not cleaned by it: that is `make kselftest-clean` (`make help`).
 */
async function checkClean({ goals, modules, run, paths }: Semantics): Promise<SemanticResult> {
  for (const { goal, command, directory } of goals.filter(({ command }) => command.at(-1) === 'modules')) {
    const end = await run([...command.slice(0, -1), 'clean'], directory)
    if (end.status !== 'ok') return gapOf('clean', goal, end)
  }
  const written = ['-type', 'f', '-newer', beginMark]
  const own = modules.map((module) => `./${module}`)
  const left = modules.length === 0 ? [] : await listFiles(run, written, paths.source, own)
  const output = await listFiles(run, [...prune('kselftest'), '-type', 'f'], paths.output)
  if (left === null || output === null) return unlisted('clean')
  return { check: 'clean', items: [...new Set([...left, ...output])].sort() }
}

async function runAll(
  check: SemanticCheck,
  goals: readonly GoalRun[],
  run: Semantics['run'],
): Promise<SemanticGap | null> {
  for (const { goal, command, directory } of goals) {
    const end = await run(command, directory)
    if (end.status !== 'ok') return gapOf(check, goal, end)
  }
  return null
}

/** Only what make itself ends as failed says something of the tree. */
function gapOf(check: SemanticCheck, goal: string, { status, exitCode, reason, log }: CommandEnd): SemanticGap {
  if (status !== 'failed') return { check, gap: 'unjudged', why: `${goal}: ${reason ?? status}`, lines: [] }
  const lines = log.text.slice(-maxTail).split('\n')
  const why = `${goal}: exit status ${exitCode ?? 'unknown'}`
  return { check, gap: 'failed', why, lines: lines.filter((line) => line.trim() !== '').slice(-maxTailLines) }
}

/** Characters and lines of a log that are kept of what fails. */
const maxTail = 4000
const maxTailLines = 6

/** Paths relative to the directory that they are looked for in; null where they cannot be told, or are too many: the first ones of two trees are not the same ones. */
async function listFiles(
  run: Semantics['run'],
  conditions: readonly string[],
  directory: string,
  starts: readonly string[] = ['.'],
): Promise<readonly string[] | null> {
  const script = `find "$@" -print | head -n ${maxFiles + 1}`
  const paths = linesOf(await run(['sh', '-c', script, 'sh', ...starts, ...conditions], directory))
  return paths && paths.length <= maxFiles ? paths.map((path) => path.replace(/^\.\//, '')).sort() : null
}

function linesOf({ status, log }: CommandEnd): readonly string[] | null {
  return status === 'ok' && log.droppedBytes === 0 ? log.text.split('\n').filter((line) => line !== '') : null
}
