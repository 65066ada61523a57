/** `./drivers/tty/` as trees name it: `drivers/tty`; the top is ''. */
export function toTreePath(path: string): string {
  const cleaned = path.replace(/^(\.\/)+/, '').replace(/\/+$/, '')
  return cleaned === '.' ? '' : cleaned
}
