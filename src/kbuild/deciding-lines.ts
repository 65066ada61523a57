/** Which lines of makefiles decide whether an object is built, and which give a variable its value. */
import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Setting } from '../make/evaluation.ts'
import type { Word } from '../make/guarded-words.ts'
import { visitNodes } from '../make/visit.ts'
import type { Span } from '../text/span.ts'
import type { BuiltObject } from './built-objects.ts'
import { anyOf } from './guarded-list.ts'
import type { Directory, KernelModel } from './kernel-model.ts'
import { parseOnce } from './parsed-files.ts'
import type { ParsedMakefile } from './parsed-files.ts'
import type { ScriptRules } from './script-rules.ts'

/** A line that decides, with the tests that it stands in. */
export type DecidingLine = {
  /**
   * - part: it makes the object a part of its composite;
   * - listed: it lists the object or its composite;
   * - directory: it sends make to the directory, or to one above it.
   */
  readonly kind: 'part' | 'listed' | 'directory'
  /** The word itself. */
  readonly word: Span
  /** The whole statement; the word where it is written in no statement. */
  readonly statement: Span
  /** The lines `ifdef ...`, `else`, `ifeq ...` that lead to the statement, the outermost first. */
  readonly tests: readonly Span[]
  /** Where the makefile has it, for `directory` lines; the object's own condition for the others. */
  readonly when: Cond
}

/**
 * The lines that decide whether an object is built, from its own up to the top: those of its makefile, then those that lead
 * to its directory, the nearest first. Recipes that enter directories are not among them.
 */
export function decidingLines(model: KernelModel, object: BuiltObject): readonly DecidingLine[] {
  const parsed = parseOnce(model.tree, model.options.parse)
  const own = object.origins.map((word, index): DecidingLine => {
    const kind = object.composite !== null && index === 0 ? 'part' : 'listed'
    return { kind, word, ...placeOf(parsed, word), when: object.own }
  })
  const above = linesTo(model, object.directory).map(({ word, when }): DecidingLine => ({
    kind: 'directory',
    word,
    ...placeOf(parsed, word),
    when,
  }))
  return [...own, ...above]
}

type Lead = { readonly word: Span; readonly when: Cond }

/** The words that send make to a directory, and to those above it, the nearest first. */
function linesTo(model: KernelModel, directory: string): readonly Lead[] {
  const leads: Lead[] = []
  const seen = new Set<string>()
  const open = [directory]
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    if (path === '.' || seen.has(path)) continue
    seen.add(path)
    for (const above of directoriesAbove(path)) {
      const rest = above === '.' ? path : path.slice(above.length + 1)
      const words = model.directories.get(above)?.lists.subdirectories ?? []
      const naming = words.filter(({ text, when }) => text === rest && when !== never)
      if (naming.length === 0) continue
      leads.push(...joined(model.conditions, naming))
      open.push(above)
    }
  }
  return leads
}

/** `obj-$(CONFIG_USB) += usb/` is a word of two lists and one place. */
function joined(conditions: Conditions, words: readonly Word[]): readonly Lead[] {
  const byPlace = Map.groupBy(words, ({ origin: { file, start } }) => `${file}:${start}`)
  return [...byPlace.values()].flatMap((same) => {
    const [first] = same
    return first === undefined ? [] : [{ word: first.origin, when: anyOf(conditions, same) }]
  })
}

/** The directories above one, the nearest first, the top as `.`. */
function directoriesAbove(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.map((_, index) => parts.slice(0, parts.length - 1 - index).join('/') || '.')
}

/** The statement that a place of a file is in, and the tests around. */
function placeOf(parsed: ParsedMakefile, span: Span): Pick<DecidingLine, 'statement' | 'tests'> {
  const makefile = parsed(span.file)
  if (makefile === null) return { statement: span, tests: [] }
  for (const { node, enclosing } of visitNodes(makefile.nodes)) {
    if (node.kind === 'conditional' || span.start < node.range.start || span.start >= node.range.end) continue
    const tests = enclosing.flatMap(({ conditional, branch }) =>
      conditional.branches.slice(0, branch + 1).map(({ range }) => ({ file: span.file, ...range })),
    )
    return { statement: { file: span.file, ...node.range }, tests }
  }
  return { statement: span, tests: [] }
}

/** Where a variable that a directory sees has its value from. */
export type VariableSource = {
  /**
   * - makefile: the makefile of the directory, or what it includes, sets it;
   * - scripts: scripts/Makefile.build or what it includes;
   * - above: a makefile above it, or the top Makefile, exports it.
   */
  readonly kind: 'makefile' | 'scripts' | 'above'
  /** The assignments, in make's order. `directory` is that whose makefile they are of, `.` for the top and for scripts. */
  readonly settings: readonly Setting[]
  readonly directory: string
}

/**
 * What defines a variable for the makefile of a directory: its own assignments first, then those it would find. Empty for one
 * that nothing in sight sets, such as a symbol of the configuration or `V` on the command line. `scripts` is
 * `readScriptRules(model)`.
 */
export function sourcesOf(
  model: KernelModel,
  { directory, name }: { readonly directory: Directory; readonly name: string },
  scripts: ScriptRules,
): readonly VariableSource[] {
  const settingsIn = (evaluation: { readonly settings: readonly Setting[] } | null): readonly Setting[] =>
    evaluation?.settings.filter((setting) => setting.name === name) ?? []
  const exporting = directoriesAbove(directory.path).flatMap((path): VariableSource[] => {
    const above = model.directories.get(path)
    const isExported = model.parts.get(path)?.exported.has(name) === true
    return above === undefined || !isExported
      ? []
      : [{ kind: 'above', settings: settingsIn(above.evaluation), directory: path }]
  })
  const fromTop = model.top.exported.has(name) ? settingsIn(model.top.evaluation) : []
  const found: readonly VariableSource[] = [
    { kind: 'makefile', settings: settingsIn(directory.evaluation), directory: directory.path },
    { kind: 'scripts', settings: settingsIn(scripts.evaluation()), directory: '.' },
    ...exporting,
    { kind: 'above', settings: fromTop, directory: '.' },
  ]
  return found.filter(({ settings }) => settings.length > 0)
}
