import { remadeItems, type SemanticCheck, type SemanticItems } from './build-semantics.ts'
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

/** No check tells more than so many files. */
const maxFiles = 2000

/** Makes the checks one after the other, `clean` last, as nothing is left after it; those that cannot be made are left out. */
export async function runSemantics(semantics: Semantics): Promise<readonly SemanticItems[]> {
  const { checks, goals } = semantics
  if (goals.length === 0) return []
  const found: (SemanticItems | null)[] = []
  for (const check of order.filter((each) => checks.includes(each))) found.push(await makers[check](semantics))
  return found.flatMap((each) => each ?? [])
}

const order: readonly SemanticCheck[] = ['source-clean', 'second-make', 'touch', 'parallel', 'clean']

const makers: Readonly<Record<SemanticCheck, (semantics: Semantics) => Promise<SemanticItems | null>>> = {
  'source-clean': checkSource,
  'second-make': checkSecondMake,
  touch: checkTouch,
  parallel: checkParallel,
  clean: checkClean,
}

/** The files that were written into the source tree, but for the directories that are built in. */
async function checkSource({ run, modules, inSource, paths }: Semantics): Promise<SemanticItems | null> {
  const conditions = [...modules, ...inSource].flatMap(prune)
  const items = await listFiles(run, [...conditions, '-type', 'f', '-newer', beginMark], paths.source)
  return items && { check: 'source-clean', items }
}

function prune(directory: string): readonly string[] {
  return ['-path', `./${directory}`, '-prune', '-o']
}

async function checkSecondMake({ goals, run, paths }: Semantics): Promise<SemanticItems | null> {
  const announced: string[] = []
  for (const { command, directory } of goals) {
    const end = await run(command, directory)
    if (end.status !== 'ok') return null
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

async function checkTouch({ goals, modules, run }: Semantics): Promise<SemanticItems | null> {
  const script = (text: string): Promise<CommandEnd> => run(['sh', '-c', text, 'sh', ...modules], '/build')
  if ((await script(touchScript)).status !== 'ok' || !(await runAll(goals, run))) return null
  const items = linesOf(await script(untouchedScript))
  return items && { check: 'touch', items }
}

const digestScript = `${moduleDirectories}
directories "$@" | while read -r directory; do
    find "$directory" -maxdepth 1 -type f \\( -name '*.o' -o -name '*.ko' \\) -exec sha256sum {} +
done | sort -k 2
`

/** Made with the jobs that builds have, and again with one: the names of what differs. Nothing can be told where no module was made. */
async function checkParallel({ goals, modules, run }: Semantics): Promise<SemanticItems | null> {
  const digests = async (): Promise<readonly string[] | null> =>
    linesOf(await run(['sh', '-c', digestScript, 'sh', ...modules], '/build'))
  const many = await digests()
  const removed = await run(forgetModules(modules), '/build')
  if (removed.status !== 'ok' || !(await runAll(goals.map(withOneJob), run))) return null
  const one = await digests()
  if (many === null || one === null || many.length === 0) return null
  const differing = [...many.filter((line) => !one.includes(line)), ...one.filter((line) => !many.includes(line))]
  const names = differing.map((line) => line.slice(line.indexOf('/') + 1))
  return { check: 'parallel', items: [...new Set(names)].sort() }
}

function withOneJob(goal: GoalRun): GoalRun {
  return { ...goal, command: goal.command.map((word) => (/^-j\d+$/.test(word) ? '-j1' : word)) }
}

/** What is there after `make clean` of every goal that made modules; what git ignores is left out where the tree is known. */
async function checkClean({ goals, modules, run, paths }: Semantics): Promise<SemanticItems | null> {
  for (const { command, directory } of goals.filter(({ command }) => command.at(-1) === 'modules')) {
    const end = await run([...command.slice(0, -1), 'clean'], directory)
    if (end.status !== 'ok') return null
  }
  const written = ['-type', 'f', '-newer', beginMark]
  const own = modules.map((module) => `./${module}`)
  const left = modules.length === 0 ? [] : await listFiles(run, written, paths.source, own)
  const output = await listFiles(run, ['-type', 'f'], paths.output)
  return left && output && { check: 'clean', items: [...new Set([...left, ...output])].sort() }
}

async function runAll(goals: readonly GoalRun[], run: Semantics['run']): Promise<boolean> {
  for (const { command, directory } of goals) if ((await run(command, directory)).status !== 'ok') return false
  return true
}

/** Paths relative to the directory that they are looked for in; null where they cannot be told. */
async function listFiles(
  run: Semantics['run'],
  conditions: readonly string[],
  directory: string,
  starts: readonly string[] = ['.'],
): Promise<readonly string[] | null> {
  const script = `find "$@" -print | head -n ${maxFiles}`
  const paths = linesOf(await run(['sh', '-c', script, 'sh', ...starts, ...conditions], directory))
  return paths && paths.map((path) => path.replace(/^\.\//, '')).sort()
}

function linesOf({ status, log }: CommandEnd): readonly string[] | null {
  return status === 'ok' && log.droppedBytes === 0 ? log.text.split('\n').filter((line) => line !== '') : null
}
