/** What the same change does to the commands of some objects. */
export type CommandChange = {
  /** Sorted. */
  readonly objects: readonly string[]
  /** Words that the command gets, in its order; the object's own name stands as `%`. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/** What a patch does to the commands that made the objects: the largest group first. */
export type CommandChanges = {
  readonly changed: readonly CommandChange[]
  readonly fresh: readonly string[]
  readonly gone: readonly string[]
}

/** The target and the command of a `.cmd` file: `savedcmd_drivers/a.o := gcc ...`, `cmd_...` before 6.2 (scripts/Kbuild.include, make-cmd); null where it has none. */
export function readSavedCommand(text: string): { readonly target: string; readonly command: string } | null {
  const end = text.indexOf('\n')
  const line = end === -1 ? text : text.slice(0, end)
  const assign = line.indexOf(' := ')
  const start = line.startsWith('savedcmd_') ? 'savedcmd_'.length : line.startsWith('cmd_') ? 'cmd_'.length : -1
  if (assign === -1 || start === -1) return null
  return { target: line.slice(start, assign), command: line.slice(assign + ' := '.length).slice(0, maxCommand) }
}

/** vmlinux and the largest archives have commands of some hundred kilobytes. */
const maxCommand = 1 << 20

/** Compares the commands of two builds, by object. A command whose words are only in another order counts as one that adds and removes nothing. */
export function compareCommands(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): CommandChanges {
  const groups = new Map<string, { objects: string[]; added: readonly string[]; removed: readonly string[] }>()
  for (const [object, command] of after) {
    const old = before.get(object)
    if (old === undefined || old === command) continue
    const change = compareWords(maskObject(old, object), maskObject(command, object))
    const key = JSON.stringify(change)
    const group = groups.get(key)
    if (group) group.objects.push(object)
    else groups.set(key, { ...change, objects: [object] })
  }
  const changed = [...groups.values()].map((group) => ({ ...group, objects: group.objects.sort() }))
  return {
    changed: changed.sort((a, b) => b.objects.length - a.objects.length || compareText(a.objects[0], b.objects[0])),
    fresh: [...after.keys()].filter((object) => !before.has(object)).sort(),
    gone: [...before.keys()].filter((object) => !after.has(object)).sort(),
  }
}

function compareText(a = '', b = ''): number {
  return a < b ? -1 : Number(a > b)
}

/** A command with the object's own name, with and without its ending, as `%`: so that what each gets for itself is the same. */
function maskObject(command: string, object: string): string {
  const name = object.slice(object.lastIndexOf('/') + 1)
  const stem = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name
  const path = object.slice(0, object.length - name.length) + stem
  return stem.length < 2 ? command : command.replaceAll(path, '%').replaceAll(stem, '%')
}

function compareWords(before: string, after: string): { added: readonly string[]; removed: readonly string[] } {
  const [old, now] = [splitWords(before), splitWords(after)]
  return { added: subtract(now, old), removed: subtract(old, now) }
}

/** The words of one list that the other has less often, in their order. */
function subtract(words: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>()
  for (const word of others) left.set(word, (left.get(word) ?? 0) + 1)
  return words.filter((word) => {
    const count = left.get(word) ?? 0
    left.set(word, count - 1)
    return count <= 0
  })
}

/** Words as a shell splits them, with their quotes. An open quote ends with the text. */
export function splitWords(command: string): readonly string[] {
  const words: string[] = []
  let word = ''
  let quote = ''
  for (let at = 0; at < command.length; at++) {
    const character = command[at] ?? ''
    if (quote === '' && /\s/.test(character)) {
      if (word !== '') words.push(word)
      word = ''
      continue
    }
    word += character
    if (character === '\\' && quote !== "'") word += command[++at] ?? ''
    else if (character === quote) quote = ''
    else if (quote === '' && (character === '"' || character === "'")) quote = character
  }
  return word === '' ? words : [...words, word]
}
