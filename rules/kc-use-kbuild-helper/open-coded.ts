import type { Expr, Range } from '../../src/make/cst.ts'
import { exprWords, textOf } from '../../src/make/expr-text.ts'
import { visitParts, type Call } from '../../src/make/visit.ts'
import { commandsOf } from '../../src/review/shell-commands.ts'
import { programName } from '../../src/review/shell-program.ts'

/** What is written, the helper that does it, and how the helper is called there; null where that depends on what is around. */
export type OpenCoded = { readonly range: Range; readonly helper: string; readonly replacement: string | null }

/** Whether a text, that of an expression or of a whole makefile, can have any: all but those by function are derived from `$@`. */
export function mayOpenCode(text: string): boolean {
  return text.includes('@') || mayMatch.test(text)
}

/** The open-coded helpers in an expression. */
export function openCodedIn(expr: Expr, text: string): readonly OpenCoded[] {
  if (expr.parts.every((part) => part.kind === 'literal') || !mayOpenCode(textOf(text, expr))) return []
  const calls = visitParts(expr).filter((part): part is Call => part.kind === 'call')
  return [...calls.flatMap((call) => matchers[call.fn]?.(call, text) ?? []), ...derivedNames(expr, text)]
}

/** What a call of a function of make may be, by the function. */
const matchers: Readonly<Record<string, (call: Call, text: string) => readonly OpenCoded[]>> = {
  'filter-out': filteredPrerequisites,
  shell: (call, text) => [...readFile(call, text), ...comparedVersions(call, text)],
  call: minimalVersions,
  subst: escapedQuotes,
  if: moduleDirectory,
}

/** The functions that are looked at, as they are written; make takes a line that goes on for a space. */
const mayMatch = new RegExp(`[({](?:${Object.keys(matchers).join('|')})[\\s\\\\]`)

function argument({ args }: Call, at: number, text: string): string {
  const arg = args[at]
  return arg === undefined ? '' : textOf(text, arg).trim()
}

/** `$(filter-out FORCE,$^)`: the prerequisites that are files. */
function filteredPrerequisites(call: Call, text: string): readonly OpenCoded[] {
  const [dropped, from] = [argument(call, 0, text), argument(call, 1, text)]
  if (dropped !== 'FORCE' && dropped !== '$(PHONY)') return []
  const helper = from === '$^' ? 'real-prereqs' : from === '$?' ? 'newer-prereqs' : null
  return helper === null ? [] : [{ range: call.range, helper, replacement: `$(${helper})` }]
}

/** `$(shell cat file)`, of one file: others are joined by cat, and `read-file` reads one. */
function readFile(call: Call, text: string): readonly OpenCoded[] {
  const [arg] = call.args
  const commands = arg === undefined ? [] : commandsOf(arg, text)
  const [command] = commands
  if (command === undefined || commands.length > 1 || programName(command) !== 'cat') return []
  const [, file, ...more] = command.words
  if (file === undefined || more.length > 0 || command.redirections.some(({ fd }) => fd !== 2)) return []
  const name = text.slice(file.start, file.end)
  if (/[*?[\]"'`,\\]|^-|\$\(\w*s\)$/.test(name)) return []
  return [{ range: call.range, helper: 'read-file', replacement: `$(call read-file,${name})` }]
}

/** `$(shell [ $(CONFIG_GCC_VERSION) -ge 120000 ] && echo y)`. */
function comparedVersions(call: Call, text: string): readonly OpenCoded[] {
  const found = /\$\(CONFIG_(GCC|CLANG|LLD|LD|RUSTC|PAHOLE)_VERSION\)0?\s+-(ge|gt|le|lt)\s/.exec(
    argument(call, 0, text),
  )
  const [, tool = '', operator = ''] = found ?? []
  if (found === null) return []
  const helper = operator === 'ge' ? (minimum[tool] ?? 'test-ge') : `test-${operator}`
  return [{ range: call.range, helper, replacement: null }]
}

const minimum: Readonly<Record<string, string>> = {
  GCC: 'gcc-min-version',
  CLANG: 'clang-min-version',
  RUSTC: 'rustc-min-version',
}

/** `$(call test-ge, $(CONFIG_GCC_VERSION), 120000)`. */
function minimalVersions(call: Call, text: string): readonly OpenCoded[] {
  const tool = /^\$\(CONFIG_(GCC|CLANG|RUSTC)_VERSION\)$/.exec(argument(call, 1, text))?.[1]
  const helper = tool === undefined ? undefined : minimum[tool]
  if (argument(call, 0, text) !== 'test-ge' || helper === undefined) return []
  return [{ range: call.range, helper, replacement: `$(call ${helper}, ${argument(call, 2, text)})` }]
}

/** `$(subst ','\'',text)`: quotes in a text that goes between quotes. */
function escapedQuotes(call: Call, text: string): readonly OpenCoded[] {
  const [from, to] = [argument(call, 0, text), argument(call, 1, text)]
  const isQuote = (from === "'" || from === '$(squote)') && (to === "'\\''" || to === "'\\$(squote)'")
  return isQuote
    ? [{ range: call.range, helper: 'escsq', replacement: `$(call escsq,${argument(call, 2, text)})` }]
    : []
}

/** `$(if $(KBUILD_EXTMOD),$(KBUILD_EXTMOD)/)`. */
function moduleDirectory(call: Call, text: string): readonly OpenCoded[] {
  const isPrefix = argument(call, 0, text) === '$(KBUILD_EXTMOD)' && argument(call, 1, text) === '$(KBUILD_EXTMOD)/'
  const helper = 'extmod_prefix'
  return isPrefix && argument(call, 2, text) === '' ? [{ range: call.range, helper, replacement: `$(${helper})` }] : []
}

/** Names beside the target, as they are put together by hand. */
const derived: Readonly<Record<string, string>> = {
  '$(dir $@).tmp_$(notdir $@)': 'tmp-target',
  '$(@D)/.tmp_$(@F)': 'tmp-target',
  '$(dir $@).$(notdir $@)': 'dot-target',
  '$(@D)/.$(@F)': 'dot-target',
  '$(basename $(notdir $@))': 'basetarget',
  '$(notdir $(basename $@))': 'basetarget',
  '$(basename $(@F))': 'basetarget',
}

/** A word may be redirected to or quoted, and go on with a suffix: `>"$(@D)/.$(@F).cmd";`. */
function derivedNames(expr: Expr, text: string): readonly OpenCoded[] {
  return exprWords(text, expr).flatMap((word) => {
    const written = textOf(text, word)
    const skipped = /^[>"']*/.exec(written)?.[0].length ?? 0
    const name = Object.keys(derived).find((each) => written.startsWith(each, skipped))
    const helper = name === undefined ? undefined : derived[name]
    if (name === undefined || helper === undefined || !/^(?:$|[.;"')])/.test(written.slice(skipped + name.length)))
      return []
    const start = word.range.start + skipped
    return [{ range: { start, end: start + name.length }, helper, replacement: `$(${helper})` }]
  })
}

/** Commands for a whole file that scripts/Makefile.lib has under a name: how a `cmd_X` of one's own is written. */
export function ownCommand(value: Expr, text: string): string | null {
  const [command, ...more] = commandsOf(value, text)
  if (command === undefined || more.length > 0) return null
  const { words, redirections } = command
  const written = words.map((word) => text.slice(word.start, word.end)).join(' ')
  const output = redirections.map(
    ({ op, target }) => `${op}${target === null ? '' : text.slice(target.start, target.end)}`,
  )
  if ((written === 'cat $<' && output.join() === '>$@') || (written === 'cp $< $@' && output.length === 0))
    return 'cmd_copy'
  const isObjcopy = written.replaceAll('$(OBJCOPYFLAGS_$(@F)) ', '') === '$(OBJCOPY) $(OBJCOPYFLAGS) $< $@'
  return isObjcopy && output.length === 0 ? 'cmd_objcopy' : null
}
