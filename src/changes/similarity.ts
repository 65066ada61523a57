/** How much of two texts is in both: characters in lines that both have, of those of the longer text; 0 to 1. */
export function similarity(left: string, right: string): number {
  const longest = Math.max(left.length, right.length)
  if (longest === 0) return 1
  if (Math.min(left.length, right.length) / longest < 0.25) return 0
  const counts = new Map<string, number>()
  for (const line of left.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1)
  let common = 0
  for (const line of right.split('\n')) {
    const count = counts.get(line) ?? 0
    if (count === 0) continue
    counts.set(line, count - 1)
    common += line.length + 1
  }
  return Math.min(1, common / longest)
}
