import { worldOf, type World } from '../../../src/review/world.ts'
import type { Kernel } from './plant.ts'
import { withLine, type Place } from './plant-lines.ts'

/** The makefiles of some worlds, in the kernel's random order. */
export function makefilesOf({ paths }: Kernel, ...worlds: readonly World[]): readonly string[] {
  return paths.filter((path) => worlds.some((world) => world === worldOf(path)))
}

/** The makefiles of the kernel's own build. */
export const ownMakefiles = (kernel: Kernel): readonly string[] => makefilesOf(kernel, 'kbuild', 'top', 'core')

/** A line that adds to a list of objects. */
export const listLine = /^(?:obj|lib)-(?:y|m|\$\(CONFIG_\w+\))\s*\+=/

/** An edit that puts some words for what the pattern fits. */
export const replacing =
  (words: string) =>
  (place: Place): string =>
    withLine(place, (place.lines[place.index] ?? '').replace(place.match[0], words))

/** The text with lines in front of the place. */
export function inFront({ lines, index }: Place, text: string): string {
  return [...lines.slice(0, index), ...text.split('\n'), ...lines.slice(index)].join('\n')
}

/** Whether no conditional is open at a line. */
export function isUnconditional({ lines, index }: Place): boolean {
  const opened = lines.slice(0, index).filter((line) => /^\s*if(?:n?def|n?eq)\b/.test(line)).length
  return opened === lines.slice(0, index).filter((line) => /^\s*endif\b/.test(line)).length
}

export function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** A name with two of its letters changed and one more at its end: that of nothing. */
export const misspelt = (name: string): string => `${name.slice(0, -2)}${name.slice(-1)}${name.slice(-2, -1)}X`
