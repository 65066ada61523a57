/** Whether a path is that of a Kconfig file by its name, as all of Linux 6.12 are. */
export function isKconfig(path: string): boolean {
  return /(?:^|\/)Kconfig(?:[.-][^/]*)?$/.test(path)
}
