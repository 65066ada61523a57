/** Changes of lists, flags, commands and rules as text. */
import type { Cond } from '../cond/conditions.ts'
import type { CommandChange, TextChange } from './changed-commands.ts'
import type { FlagChange } from './changed-flags.ts'
import type { Guarded, ListChange } from './changed-lists.ts'
import { counted, namesText, wordsChanged } from './print-words.ts'

type Printer = (of: Cond) => string

/** `list: drivers/tty/vt hostprogs: + conmakehash [CONFIG_CONSOLE_TRANSLATIONS]`. */
export function listText({ path, list, ...change }: ListChange, cond: Printer): string {
  return `list: ${path} ${list}: ${heldText(change, cond)}`
}

/** `flags: drivers/usb ccflags-y for 12 objects: + -DDEBUG`. */
export function flagsText(change: FlagChange, cond: Printer): string {
  const { path, variable, swapped, objects } = change
  const where = path === null ? variable : `${path} ${variable}`
  const users = objects === null ? '' : ` for ${path === null ? 'all ' : ''}${counted(objects, 'object')}`
  const order = swapped === null ? [] : [`${swapped.last} comes after ${swapped.before} now`]
  const held = heldText(change, cond)
  return `flags: ${where}${users}: ${[...(held === '' ? [] : [held]), ...order].join(', ')}`
}

type Held = Pick<ListChange, 'gained' | 'lost' | 'regated'>

function heldText({ gained, lost, regated }: Held, cond: Printer): string {
  const name = ({ text, when }: Guarded): string => (cond(when) === 'always' ? text : `${text} [${cond(when)}]`)
  const parts = [
    ...gained.map((each) => `+ ${name(each)}`),
    ...lost.map((each) => `- ${name(each)}`),
    ...regated.map(({ text, before, after }) => `${text} [${cond(before)} -> ${cond(after)}]`),
  ]
  return namesText(parts, 6)
}

/** `command: drivers/eisa/Makefile cmd_eisaid for 1 target: ...`. */
export function commandText({
  makefile,
  name,
  targets,
  ...change
}: Extract<CommandChange, { kind: 'command' }>): string {
  const users = targets === 0 ? '' : ` for ${counted(targets, 'target')}`
  return `command: ${makefile} ${name}${users}: ${textChange(change)}`
}

/** `rule: drivers/eisa/Makefile drivers/eisa/devlist.h: prerequisites + drivers/eisa/eisa.ids`. */
export function ruleText(
  { makefile, targets, change }: Extract<CommandChange, { kind: 'rule' }>,
  cond: Printer,
): string {
  const names = namesText(targets, 3)
  if (change.kind !== 'changed') return `rule: ${makefile} ${names}: ${change.kind}`
  const parts = [
    ...(change.prerequisites === null ? [] : [`prerequisites ${heldText(change.prerequisites, cond)}`]),
    ...(change.orderOnly === null ? [] : [`order-only ${heldText(change.orderOnly, cond)}`]),
    ...(change.recipe === null ? [] : [`recipe ${textChange(change.recipe)}`]),
  ]
  return `rule: ${makefile} ${names}: ${parts.join('; ')}`
}

function textChange({ before, after }: TextChange): string {
  if (before === null) return after === null ? 'elsewhere' : after === '' ? 'new, empty' : `new, ${short(after)}`
  if (after === null) return 'gone'
  return wordsChanged(before, after)
}

const short = (text: string): string => wordsChanged('', text).replace(/^with /, '')
