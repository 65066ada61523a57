/** The milliseconds of CPU time that `body` takes: what a machine with other work does not change. */
export function cpuMs(body: () => unknown): number {
  const started = process.threadCpuUsage()
  body()
  const { user, system } = process.threadCpuUsage(started)
  return (user + system) / 1000
}
