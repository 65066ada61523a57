import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The nearest directory from a start upwards that is a git checkout or a bare repository; null where there is none. */
export function findTree(start: string): string | null {
  for (let directory = start; ; directory = dirname(directory)) {
    const isBare = existsSync(join(directory, 'objects')) && existsSync(join(directory, 'HEAD'))
    if (isBare || existsSync(join(directory, '.git'))) return directory
    if (dirname(directory) === directory) return null
  }
}
