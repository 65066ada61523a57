/** Milliseconds of processor time that a call takes in this thread: the clock on the wall also counts what others do. */
export function cpuMs(run: () => unknown): number {
  const before = process.threadCpuUsage()
  run()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
