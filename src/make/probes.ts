/**
 * What the build asks of tools, as scripts/Makefile.compiler and scripts/Kbuild.include define it: nothing is run, each question
 * is a condition of its own. The answers choose flags; none decides what is built.
 */
import { always, never } from '../cond/conditions.ts'
import type { AtomKind, Cond } from '../cond/conditions.ts'
import type { Machine } from './machine.ts'
import type { Option, Value, Worlds } from './value.ts'
import { choiceValue, emptyValue, textValue } from './value.ts'
import { worldsOf } from './worlds.ts'

/** What a question gives: the argument or text when the answer is yes, and when it is no. */
type Probe = {
  readonly kind: AtomKind
  /** The arguments that the question is about. */
  readonly asks: readonly number[]
  readonly yes: Answer
  readonly no: Answer
}

/** An answer from the arguments, and from the text of the first one that is asked about. */
type Answer = (args: readonly Value[], asked: string) => Value

const argument =
  (index: number): Answer =>
  (args) =>
    args[index] ?? emptyValue
const fixed =
  (text: string): Answer =>
  () =>
    textValue(text, null)

/** `$(call cc-option,-flag,-otherwise)`. */
const option: Probe = { kind: 'probe', asks: [0], yes: argument(0), no: argument(1) }
/** `$(call cc-option-yn,-flag)`. */
const yesNo: Probe = { kind: 'probe', asks: [0], yes: fixed('y'), no: fixed('n') }
/** `$(call gcc-min-version,50100)`. */
const version: Probe = { kind: 'probe', asks: [0], yes: fixed('y'), no: fixed('') }
/** `$(call cc-ifversion,-ge,0500,-flag,-otherwise)`. */
const versionChoice: Probe = { kind: 'probe', asks: [0, 1], yes: argument(2), no: argument(3) }
/** `$(call test-ge,$(CONFIG_FRAME_WARN),2048)`: numbers of the configuration. */
const comparison: Probe = { kind: 'value', asks: [0, 1], yes: fixed('y'), no: fixed('') }
/** `$(call cc-disable-warning,flag)`: `-Wno-flag` where the compiler knows `-Wflag`. */
const disableWarning: Probe = {
  kind: 'probe',
  asks: [0],
  yes: (_, asked) => textValue(`-Wno-${asked.trim()}`, null),
  no: fixed(''),
}

const probes: ReadonlyMap<string, Probe> = new Map([
  ['cc-option', option],
  ['__cc-option', { kind: 'probe', asks: [2], yes: argument(2), no: argument(3) }],
  ['cc-option-yn', yesNo],
  ['cc-disable-warning', disableWarning],
  ['cc-ifversion', versionChoice],
  ['as-option', option],
  ['as-instr', { kind: 'probe', asks: [0], yes: argument(1), no: argument(2) }],
  ['ld-option', option],
  ['ld-ifversion', versionChoice],
  ['rustc-option', option],
  ['rustc-option-yn', yesNo],
  ['hostcc-option', option],
  ['gcc-min-version', version],
  ['clang-min-version', version],
  ['rustc-min-version', version],
  ['ld-min-version', version],
  ['test-lt', comparison],
  ['test-le', comparison],
  ['test-ge', comparison],
  ['test-gt', comparison],
])

/** The value of `$(call name,args...)` where `name` is a question; null where it is not. */
export function probeValue(machine: Machine, name: string, args: readonly Value[]): Value | null {
  const probe = probes.get(name)
  if (probe === undefined) return null
  /** A text that is not known in full stands for itself: the same text gets the same answer. */
  const asked = probe.asks.map((index) => worldsOf(machine.values, args[index] ?? emptyValue))
  const options: Option[] = []
  for (const { when, texts } of combinations(machine, asked)) {
    const key = `${name}(${texts.map((text) => text.trim()).join(', ')})`
    const cond = machine.conditions.atom({ kind: probe.kind, key })
    const [first = ''] = texts
    options.push({ when: machine.conditions.and(when, cond), value: probe.yes(args, first) })
    options.push({ when: machine.conditions.without(when, cond), value: probe.no(args, first) })
  }
  return choiceValue(options)
}

type Combination = { readonly when: Cond; readonly texts: readonly string[] }

function combinations({ conditions }: Machine, values: readonly Worlds[]): readonly Combination[] {
  let all: readonly Combination[] = [{ when: always, texts: [] }]
  for (const worlds of values) {
    all = all.flatMap((before) =>
      worlds.flatMap((world) => {
        const when = conditions.and(before.when, world.when)
        return when === never ? [] : [{ when, texts: [...before.texts, world.text] }]
      }),
    )
  }
  return all
}
