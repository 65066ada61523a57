import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unpackPackages } from './debian-packages.ts'

/**
 * A directory whose `git` is the newest that Debian has. It runs with the libraries of its own release, since those of the machine may
 * be too old for it.
 */
export function layOutNewerGit(say: (text: string) => void): string {
  const root = unpackPackages('sid', ['git', 'libc6', 'libpcre2-8-0', 'zlib1g'], say)
  const directory = join(root, 'kbuild-review')
  const program = join(directory, 'git')
  if (!existsSync(program)) {
    mkdirSync(directory)
    const libraries = join(
      root,
      'usr/lib',
      readdirSync(join(root, 'usr/lib')).find((name) => name.includes('linux-gnu')) ?? '',
    )
    const loader = readdirSync(libraries).find((name) => name.startsWith('ld-linux')) ?? ''
    // git finds its other commands as `git COMMAND`, by this directory (git's exec-cmd.c).
    const script = `#!/bin/sh
GIT_EXEC_PATH=${quoted(directory)} GIT_TEMPLATE_DIR=${quoted(join(root, 'usr/share/git-core/templates'))}
export GIT_EXEC_PATH GIT_TEMPLATE_DIR
exec ${quoted(join(libraries, loader))} --library-path ${quoted(libraries)} ${quoted(join(root, 'usr/bin/git'))} "$@"
`
    writeFileSync(program, script)
    chmodSync(program, 0o755)
  }
  return directory
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`
}
