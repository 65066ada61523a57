import type { Expr, Part } from '../../src/make/cst.ts'
import { literalText } from '../../src/make/expr-text.ts'
import { exprsInPart, type Call } from '../../src/make/visit.ts'
import { commandsOf, type SimpleCommand } from '../../src/review/shell-commands.ts'
import { changesFiles, hidesErrors } from '../../src/review/shell-effects.ts'
import { programName, programVariable } from '../../src/review/shell-program.ts'
import { isAboutGoals, looksForFiles } from './while-cleaning.ts'

/** A call that does more than to give a value, as soon as make expands it. */
export type Effect = {
  readonly kind: 'stops' | 'writes' | 'compiles'
  readonly call: Call
  /** Of `stops`: the condition of a `$(if)` around it, null where none is; whether it looks for a program or file. */
  readonly condition: { readonly looksForFiles: boolean } | null
}

/** What `name != command` runs: the same as `name := $(shell command)` (GNU make manual, "Setting Variables"). */
export function effectsOfShellAssignment(value: Expr, text: string): readonly Effect[] {
  return effectsOf({ kind: 'call', range: value.range, fn: 'shell', args: [value] }, text, null)
}

/** The effects in an expression, without those behind an `$(if)` that asks for configuration or goals. */
export function effectsIn(expr: Expr, text: string, condition: Effect['condition'] = null): readonly Effect[] {
  return expr.parts.flatMap((part) => effectsOf(part, text, condition))
}

function effectsOf(part: Part, text: string, condition: Effect['condition']): readonly Effect[] {
  if (part.kind === 'call' && part.fn === 'if') return effectsOfIf(part, text, condition)
  const inner = exprsInPart(part).flatMap((expr) => effectsIn(expr, text, condition))
  const kind = part.kind === 'call' ? kindOf(part, text) : null
  return part.kind === 'call' && kind !== null ? [{ kind, call: part, condition }, ...inner] : inner
}

function effectsOfIf({ args }: Call, text: string, condition: Effect['condition']): readonly Effect[] {
  const [test, ...branches] = args
  if (test === undefined) return []
  const inTest = effectsIn(test, text, condition)
  if (isAboutGoals(test, text)) return inTest
  const inner = { looksForFiles: looksForFiles(test) && condition?.looksForFiles !== false }
  return [...inTest, ...branches.flatMap((branch) => effectsIn(branch, text, inner))]
}

function kindOf({ fn, args }: Call, text: string): Effect['kind'] | null {
  if (fn === 'error') return 'stops'
  const [first] = args
  if (first === undefined) return null
  if (fn === 'file')
    return /^\s*>/.test(literalText(text, { ...first, parts: first.parts.slice(0, 1) }) ?? '') ? 'writes' : null
  if (fn !== 'shell') return null
  const commands = commandsOf(first, text)
  if (commands.some((command) => changesFiles(command) && !makesDirectory(command))) return 'writes'
  return commands.some(runsToolchain) ? 'compiles' : null
}

/** `mkdir -p`: the directories of generated headers are made so, in makefiles that clean never reads (arch/x86/entry/syscalls). */
function makesDirectory(command: SimpleCommand): boolean {
  return programName(command) === 'mkdir'
}

/** Variables of the toolchain of the target, also those of a second one: `CROSS32CC`, `CC_COMPAT`, `BOOTCC`. */
const toolchain = /^(?:(?!HOST)\w*CC|CC_COMPAT|CLANG|LD|AR|NM|STRIP|OBJCOPY|OBJDUMP|READELF|RUSTC|BINDGEN|PAHOLE)$/

/** Where what the program complains of is not seen, `make clean` works without it. */
function runsToolchain(command: SimpleCommand): boolean {
  return toolchain.test(programVariable(command) ?? '') && !hidesErrors(command)
}
