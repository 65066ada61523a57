import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a list would mind in some mails, a line each, as another program reads them: see lint-mails.py. The directory is for a file. */
export function lintMails(directory: string, mails: readonly Uint8Array[]): readonly string[] {
  const path = join(directory, 'mails.json')
  writeFileSync(path, JSON.stringify(mails.map((bytes) => Buffer.from(bytes).toString('latin1'))))
  const script = join(import.meta.dirname, 'lint-mails.py')
  const said = execFileSync('python3', [script, path], { encoding: 'utf8', maxBuffer: 1 << 28 })
    .trimEnd()
    .split('\n')
  if (said.at(-1) !== `${mails.length} mails`)
    throw new Error(`lint-mails.py read something else: ${said.at(-1) ?? ''}`)
  return said.slice(0, -1)
}
