import type { Diagnostic, DiagnosticNote, FailedRecipe, LogReading } from './diagnostic.ts'
import { isChildKilled, isKilled } from './log-faults.ts'
import { commandOf, findUnit, isProgramName, kindOf, placeOf, scopeOf, unitOf } from './log-origin.ts'
import type { LogTrees } from './log-paths.ts'
import { emptyState, type Draft, type State } from './log-state.ts'
import type { Opening } from './log-opening.ts'
import { isGutter, readNote, type CompilerContext } from './read-compiler.ts'
import { readOldRecipe, type PrintedFailure } from './read-make.ts'
import type { TapResult } from './read-tap.ts'

/** Puts together what the lines of a log say: which belong to one diagnostic, which command printed it, which recipes failed for it. */
export type Groups = {
  /** The number of the line that is read. */
  at(number: number): void
  /** Takes a line that belongs to the diagnostic before it; false where it does not. */
  append(text: string, next: string | undefined): boolean
  announce(command: string, target: string): void
  enter(level: number, directory: string | null): void
  context(context: CompilerContext): void
  book(opening: Opening, text: string): void
  /** A make ends with an error of its own. */
  stop(opening: Opening, level: number, text: string): void
  /** A recipe has failed. */
  fail(failure: PrintedFailure, level: number): void
  lackProgram(program: string, why: string, text: string): void
  test(result: TapResult, text: string): void
  /** A line that nobody understands: it may say why a recipe fails. */
  remember(text: string): void
  doubtSymbols(): void
  finish(isCut: boolean): LogReading
}

const maxDiagnostics = 20_000
const maxLinesOfOne = 40
const maxRecent = 12
/** With `make -k` every object of a directory may fail before its make does. */
const maxPending = 500
const maxRecipes = 16
const maxUnits = 200_000

/** An empty log of these trees. */
export function createGroups(trees: LogTrees): Groups {
  const state = emptyState(trees)
  return {
    at: (number) => void (state.number = number),
    append: (text, next) => append(state, text, next),
    announce: (command, target) => {
      announce(state, command, target)
    },
    enter: (level, directory) => {
      state.paths.enter(level, directory)
    },
    context: (context) => {
      readContext(state, context)
    },
    book: (opening, text) => void book(state, opening, text),
    stop: (opening, level, text) => {
      stop(state, { opening, level, text })
    },
    fail: (failure, level) => {
      fail(state, failure, level)
    },
    lackProgram: (name, why, text) => {
      state.program = { name, why }
      remember(state, text)
    },
    test: (result, text) => {
      bookTest(state, result, text)
    },
    remember: (text) => {
      remember(state, text)
    },
    doubtSymbols: () => void (state.areSymbolsUnknown = true),
    finish: (isCut) => finish(state, isCut),
  }
}

function append(state: State, text: string, next: string | undefined): boolean {
  const { open } = state
  if (open?.belongs(text, next) !== true) {
    state.open = null
    return false
  }
  if (open.draft.lines.length < maxLinesOfOne) {
    open.draft.lines.push(text)
    const note = readNote(text) ?? readOldRecipe(text)
    if (note) addNote(open.draft, { place: state.paths.place(note.at.path, note.at), message: note.message })
  }
  return true
}

/** gcc tells a macro again for each of its notes. */
function addNote({ notes }: Draft, note: DiagnosticNote): void {
  const isSame = ({ place, message }: DiagnosticNote): boolean =>
    message === note.message &&
    place.path === note.place.path &&
    place.line === note.place.line &&
    place.column === note.place.column
  if (!notes.some(isSame)) notes.push(note)
}

function remember(state: State, text: string): void {
  state.recent.push(text)
  if (state.recent.length > maxRecent) state.recent.shift()
}

function announce(state: State, command: string, target: string): void {
  const unit = unitOf(state, target)
  const short = state.paths.shorten(command)
  if (command.startsWith('CHECK ')) state.hasChecks = true
  if (state.announced.length < maxUnits) {
    state.announced.push(short)
    state.made.add(unit)
    if (!command.startsWith('CHECK ')) state.commands.set(unit, short)
  }
  state.command = short
  state.unit = unit
  clearGroup(state)
}

function clearGroup(state: State): void {
  state.scope = null
  state.includedFrom = null
  state.assembled = null
  state.recent = []
  state.group = []
  state.program = null
}

function readContext(state: State, context: CompilerContext): void {
  if (context.kind === 'included') state.includedFrom = context.from
  else if (context.kind === 'assembler') state.assembled = context.path
  else state.scope = { path: context.path, name: context.name }
}

function book(state: State, opening: Opening, text: string): Draft | null {
  if (state.drafts.length >= maxDiagnostics) {
    state.isFull = true
    return null
  }
  const unit = findUnit(state, opening)
  const draft: Draft = {
    tool: opening.tool,
    kind: kindOf(opening, unit, state.command),
    severity: opening.severity,
    place: placeOf(state, opening),
    message: state.paths.shorten(opening.message),
    option: opening.option ?? null,
    subject: opening.subject ?? null,
    scope: opening.scope ?? scopeOf(state, opening, unit),
    unit,
    command: commandOf(state, opening, unit),
    notes: [],
    lines: [text],
    logLine: state.number,
    failed: [],
    isFolded: false,
  }
  state.drafts.push(draft)
  state.group.push(draft)
  state.open = opening.belongs ? { draft, belongs: opening.belongs } : null
  remember(state, text)
  return draft
}

function stop(state: State, { opening, level, text }: { opening: Opening; level: number; text: string }): void {
  const before = state.drafts.at(-1)
  const isInclude = before?.tool === 'make' && before.kind === 'missing' && before.subject === opening.subject
  const draft = book(state, opening, text)
  if (draft === null) return
  if (isInclude && draft.place === null) {
    draft.place = before.place
    draft.lines.unshift(...before.lines)
    before.isFolded = true
  }
  const pending = { level: level === -1 ? Number.MAX_SAFE_INTEGER : level, drafts: [draft] }
  state.pending = [...state.pending, pending].slice(-maxPending)
  clearGroup(state)
}

function fail(state: State, failure: PrintedFailure, level: number): void {
  const { at, ...rest } = failure
  const target = state.paths.shorten(rest.target)
  const recipe: FailedRecipe = { ...rest, target, place: at && state.paths.place(at.path, { ...at, level }) }
  const inner = failure.how === 'Error 2' ? state.pending.filter((each) => each.level > level) : []
  const drafts = inner.length > 0 ? inner.flatMap((each) => each.drafts) : findOwners(state, recipe, failure.target)
  for (const { failed } of drafts) if (failed.length < maxRecipes) failed.push(recipe)
  state.pending = [...state.pending.filter((each) => !inner.includes(each)), { level, drafts }].slice(-maxPending)
  if (inner.length === 0) clearGroup(state)
}

/** The errors that made a recipe fail: those of the same object, else those since the last command, else the failure itself. */
function findOwners(state: State, recipe: FailedRecipe, target: string): readonly Draft[] {
  const unit = unitOf(state, target)
  const free = state.drafts.slice(-maxOpenErrors).filter(({ failed, isFolded }) => failed.length === 0 && !isFolded)
  const own = free.filter((draft) => draft.severity === 'error' && draft.unit === unit && draft.tool !== 'make')
  const near =
    own.length > 0 ? own : state.group.filter((draft) => draft.severity === 'error' && draft.failed.length === 0)
  const told =
    near.length > 0 ? near : state.group.filter((draft) => draft.tool === 'shell' && draft.failed.length === 0)
  const isFault = told.some(({ kind }) => kind === 'environment')
  for (const draft of told) {
    draft.severity = 'error'
    if (isFault) draft.kind = 'environment'
  }
  if (isKilled(recipe.how))
    return bookFailure(state, recipe, { kind: 'environment', message: `\`${recipe.target}\`: ${recipe.how}` })
  return told.length > 0 ? told : bookFailure(state, recipe, explain(state, recipe))
}

/** Errors further back than this are not looked at for a recipe that fails. */
const maxOpenErrors = 300

/** What is said of a recipe that fails without a message that is understood. */
function explain({ program }: State, recipe: FailedRecipe): Pick<Opening, 'kind' | 'message' | 'subject'> {
  const { target, how, isBuiltin } = recipe
  if (program === null && isChildKilled(how)) return { kind: 'environment', message: `\`${target}\`: killed (${how})` }
  if (program === null) return { kind: 'failure', message: `the recipe of \`${target}\` fails: ${how}` }
  const { name, why } = program
  if (isBuiltin)
    return {
      kind: 'failure',
      message: `a rule of make's own runs \`${name}\` for \`${target}\`: ${why}`,
      subject: target,
    }
  return { kind: isProgramName(name) ? 'environment' : 'missing', message: `\`${name}\`: ${why}`, subject: name }
}

function bookFailure(
  state: State,
  { target }: FailedRecipe,
  said: Pick<Opening, 'kind' | 'message' | 'subject'>,
): readonly Draft[] {
  const [first = '', ...lines] = state.recent
  const draft = book(state, { tool: 'make', severity: 'error', ...said, unit: target }, first)
  draft?.lines.push(...lines)
  return draft === null ? [] : [draft]
}

function bookTest(state: State, { outcome, name, remark }: TapResult, text: string): void {
  if (outcome === 'pass') state.passed.add(name)
  if (outcome === 'fail') {
    const said = `test \`${name}\` fails${remark === '' ? '' : `: ${remark}`}`
    const comments = state.recent.filter((line) => line.startsWith('#'))
    const draft = book(state, { tool: 'selftest', severity: 'error', kind: 'test', message: said, subject: name }, text)
    draft?.lines.unshift(...comments)
  }
  state.recent = []
}

function finish(state: State, isCut: boolean): LogReading {
  const drafts = state.drafts.filter(({ isFolded }) => !isFolded)
  return {
    diagnostics: drafts.map((draft) => toDiagnostic(draft, state.hasChecks)),
    made: state.made,
    announced: state.announced,
    areSymbolsUnknown: state.areSymbolsUnknown,
    passed: state.passed,
    isCut: isCut || state.isFull,
  }
}

/** gcc and clang show the line of the source, sparse does not; where no check ran, it is theirs in any case. */
function toDiagnostic(draft: Draft, hasChecks: boolean): Diagnostic {
  const isShown =
    draft.option !== null || draft.lines.some((line) => isGutter(line) || /^[ \t~^]*\^[ \t~^]*$/.test(line))
  const isSparse = hasChecks && draft.tool === 'compiler' && draft.place !== null && !isShown
  const diagnostic: Diagnostic & Partial<Pick<Draft, 'isFolded'>> = { ...draft }
  delete diagnostic.isFolded
  return isSparse ? { ...diagnostic, tool: 'sparse', command: null } : diagnostic
}
