/** Gives numbers of `[0, below)`, the same for the same seed: xorshift32. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed | 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** Lines that people lose, double or misplace. */
const LINES = [
  ...[
    'endif',
    'else',
    'ifdef CONFIG_A',
    'ifeq ($(CONFIG_A),y)',
    'ifneq ($(B),)',
    'else ifdef CONFIG_B',
    'endif # CONFIG_A',
  ],
  ...[
    'endef',
    'define cmd_a',
    'a: b',
    'a: B := c',
    'obj-y += a.o',
    '\tgcc -c a.c',
    '        gcc -c a.c',
    '# note',
    '',
    'a.o b.o',
  ],
  ...[
    'ifeq(a,b)',
    'ifdef A B',
    'ifeq a b',
    'ifeq "a" "b"',
    'else x',
    'endif x',
    ': a',
    '$(A)',
    'export A',
    'include',
    '\tA := 1',
  ],
]

const CHARACTERS = [
  ':',
  '=',
  '#',
  '$',
  '(',
  ')',
  '{',
  '}',
  '\\',
  ';',
  '|',
  '%',
  '"',
  "'",
  '\t',
  ' ',
  ',',
  '&',
  '+',
  '!',
  '\n',
]

/** A makefile with one to three things changed in it, as in a patch gone wrong: lines, ends of lines, or single characters. */
export function mutateMakefile(text: string, random: (below: number) => number): string {
  const lines = text.split('\n')
  for (let left = 1 + random(3); left > 0; left--) mutateLine(lines, random)
  return lines.join('\n')
}

function mutateLine(lines: string[], random: (below: number) => number): void {
  const at = random(lines.length)
  const line = lines[at] ?? ''
  const column = random(line.length + 1)
  switch (random(9)) {
    case 0:
      lines.splice(at, 1)
      break
    case 1:
      lines.splice(at, 0, line)
      break
    case 2:
      lines.splice(at, 0, LINES[random(LINES.length)] ?? '')
      break
    case 3:
      lines.splice(at, 2, lines[at + 1] ?? '', line)
      break
    case 4:
      lines[at] = line.startsWith('\t') ? line.slice(1) : `\t${line}`
      break
    case 5:
      lines[at] = line.endsWith('\\') ? line.slice(0, -1) : `${line} \\`
      break
    case 6:
      lines[at] = line.slice(0, column) + line.slice(column + 1)
      break
    case 7:
      lines[at] = line.slice(0, column) + (CHARACTERS[random(CHARACTERS.length)] ?? '') + line.slice(column)
      break
    default:
      lines[at] = line.slice(0, column)
  }
}
