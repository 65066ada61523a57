import type { Place } from '../review/finding.ts'
import { printable } from '../review/printable.ts'

/** A line as it is shown, and where under it the carets go, in columns of the screen. */
export type Excerpt = { readonly text: string; readonly indent: number; readonly width: number }

const tabWidth = 8

/** Characters of a line that are shown; of a longer one, those around the place. */
const maxShown = 200

/** The line of a place as a screen shows it: tabs expanded, what is unsafe spelled out, a very long line cut. */
export function excerptOf(place: Place): Excerpt {
  const start = place.column - 1
  const end = place.endLine > place.line ? place.source.length : Math.max(start, place.endColumn - 1)
  const first = place.source.length > maxShown ? Math.max(0, start - maxShown / 4) : 0
  const last = Math.min(place.source.length, first + maxShown)

  const screen = createScreen()
  if (first > 0) screen.write('...')
  screen.write(place.source.slice(first, start))
  const indent = screen.column()
  screen.write(place.source.slice(start, Math.min(end, last)))
  const width = Math.max(1, screen.column() - indent)
  screen.write(place.source.slice(Math.min(end, last), last))
  if (last < place.source.length) screen.write('...')
  return { text: screen.text().trimEnd(), indent, width }
}

type Screen = { write(text: string): void; column(): number; text(): string }

function createScreen(): Screen {
  let shown = ''
  let column = 0
  return {
    write(text) {
      for (const character of printable(text)) {
        const piece = character === '\t' ? ' '.repeat(tabWidth - (column % tabWidth)) : character
        shown += piece
        column += character === '\t' ? piece.length : widthOf(character)
      }
    },
    column: () => column,
    text: () => shown,
  }
}

/** East Asian Wide and Fullwidth (Unicode UAX #11), and emoji that are shown as pictures. */
const wide =
  /^(?:[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation})$/u

/** Columns that a character takes on a screen. */
function widthOf(character: string): number {
  if (/^[\p{Mn}\p{Me}]$/u.test(character)) return 0
  return wide.test(character) ? 2 : 1
}
