/** GNU make manual §4.9 "Special Built-in Target Names", with those of make 4.4. */
const specialTargets: readonly string[] = [
  '.DEFAULT',
  '.DELETE_ON_ERROR',
  '.EXPORT_ALL_VARIABLES',
  '.IGNORE',
  '.INTERMEDIATE',
  '.LOW_RESOLUTION_TIME',
  '.NOTINTERMEDIATE',
  '.NOTPARALLEL',
  '.ONESHELL',
  '.PHONY',
  '.POSIX',
  '.PRECIOUS',
  '.SECONDARY',
  '.SECONDEXPANSION',
  '.SILENT',
  '.SUFFIXES',
  '.WAIT',
]

/** Slips of the hand: one letter wrong, missing or too many, or two exchanged, counts one. */
const maxSlips = 2

/** The special target that a name was probably meant for; null for the names of special targets and of anything else. */
export function meantSpecialTarget(name: string): string | null {
  if (!/^\.[A-Z][A-Z_]{3,24}$/.test(name) || specialTargets.includes(name)) return null
  const near = specialTargets.map((target) => ({ target, slips: slipsBetween(name, target) }))
  const [best] = near.sort((a, b) => a.slips - b.slips)
  return best && best.slips <= maxSlips ? best.target : null
}

/** Optimal string alignment distance; the words are short. */
function slipsBetween(one: string, other: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1
      const exchanged = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      const choices = [(last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same]
      row.push(Math.min(...choices, exchanged ? (beforeLast[j - 2] ?? 0) + 1 : Infinity))
    }
    beforeLast = last
    last = row
  }
  return last[other.length] ?? Infinity
}
