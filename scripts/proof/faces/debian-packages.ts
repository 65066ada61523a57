import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'

/** Where the archive of Debian is, which apt's own settings may send through a mirror. */
const archive = 'http://deb.debian.org/debian'

/**
 * Unpacks packages of a suite of Debian in a directory of the user's cache, beside what is installed here, and gives that directory.
 * Done once; throws where the archive cannot be reached.
 */
export function unpackPackages(suite: string, packages: readonly string[], say: (text: string) => void): string {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'kbuild-review', 'reference')
  const root = join(cache, `debian-${suite}-${packages[0] ?? ''}`)
  if (existsSync(root)) return root
  say(`fetching ${packages.join(', ')} of Debian ${suite}`)
  const work = `${root}.new`
  removeDirectory(work)
  for (const directory of ['lists/partial', 'cache/archives/partial', 'debs', 'root'])
    mkdirSync(join(work, directory), { recursive: true })
  const key = '/usr/share/keyrings/debian-archive-keyring.gpg'
  writeFileSync(join(work, 'sources.list'), `deb [signed-by=${key}] ${archive} ${suite} main\n`)
  const settings = [
    `Dir::Etc::sourcelist=${work}/sources.list`,
    'Dir::Etc::sourceparts=/dev/null',
    `Dir::State::lists=${work}/lists`,
    'Dir::State::status=/dev/null',
    `Dir::Cache=${work}/cache`,
    'APT::Sandbox::User=root',
  ].flatMap((setting) => ['-o', setting])
  run('apt-get', [...settings, '-qq', 'update'], work)
  run('apt-get', [...settings, '-qq', 'download', ...packages], join(work, 'debs'))
  for (const deb of readdirSync(join(work, 'debs')))
    run('dpkg', ['-x', join(work, 'debs', deb), join(work, 'root')], work)
  renameSync(join(work, 'root'), root)
  removeDirectory(work)
  return root
}

function run(program: string, args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.at(-1) ?? ''} failed: ${stderr}`)
}
