import { readdirSync, readFileSync } from 'node:fs'

/** The ids of the processes that this one has started and whose command line holds a text (proc(5)). */
export function childrenRunning(text: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      const stat = read(`/proc/${pid}/stat`)
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      return parent === process.pid && read(`/proc/${pid}/cmdline`).includes(text)
    })
}

/** Empty where the process has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
