import { readdirSync, readFileSync } from 'node:fs'

/** The resident bytes of this process and of all that it has started, and they in turn (proc(5)). */
export function familyMemory(): number {
  const children = Map.groupBy(
    readdirSync('/proc').filter((name) => /^\d+$/.test(name)),
    (pid) => {
      const stat = read(`/proc/${pid}/stat`)
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? ''
    },
  )
  let bytes = 0
  const waiting = [String(process.pid)]
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    bytes += 1024 * Number(/^VmRSS:\s*(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)
    waiting.push(...(children.get(pid) ?? []))
  }
  return bytes
}

/** Clock ticks a second, in which the kernel counts for programs (USER_HZ, sysconf(_SC_CLK_TCK)). */
const ticks = 100

/** Milliseconds of processor time of this process and of all that it has started and that have ended: utime to cstime of proc(5). */
export function familyCpu(): number {
  const stat = read('/proc/self/stat')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) * (1000 / ticks)
}

/** Empty where the process has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
