import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { removeDirectory } from '../processes/remove-directory.ts'

/** How git is asked for files: `Repository.own` of git/ has the same shape. `env.GIT_DIR` names the repository. */
export type GitAccess = {
  readonly gitDirectory: string
  readonly format: 'sha1' | 'sha256'
  readonly env: Readonly<Record<string, string>>
}

/** The files of a tree as tar archives, one after the other: as the objects are, whatever .gitattributes says. */
export type TreeArchives = {
  /** All files of a commit or tree, or those at some paths, below `prefix`; one archive. `end` is null where git made all of it, else git's complaint. */
  archive(
    treeish: string,
    options: { readonly prefix: string; readonly paths?: readonly string[] },
  ): { readonly stream: Readable; readonly end: Promise<string | null> }
  close(): void
}

/**
 * Takes back in every file what a tree can say to `git archive` about its own files: leaving some out (export-ignore), changing them (export-subst, ident, ends of
 * lines, encodings). $GIT_DIR/info/attributes wins over all .gitattributes (gitattributes(5)).
 */
const plainAttributes = '* -export-ignore -export-subst -text -ident -filter -working-tree-encoding\n'

/** Archives of a repository's trees, by way of an empty repository of our own beside it, below `parent`. Close it. */
export function openTreeArchives(git: GitAccess, parent: string): TreeArchives {
  const own = mkdtempSync(join(parent, 'archives-'))
  mkdirSync(join(own, 'objects', 'info'), { recursive: true })
  mkdirSync(join(own, 'refs'))
  mkdirSync(join(own, 'info'))
  writeFileSync(join(own, 'HEAD'), 'ref: refs/heads/none\n')
  writeFileSync(join(own, 'info', 'attributes'), plainAttributes)
  writeFileSync(join(own, 'objects', 'info', 'alternates'), `${join(git.gitDirectory, 'objects')}\n`)
  const [version, extension] = git.format === 'sha1' ? [0, ''] : [1, '[extensions]\n\tobjectFormat = sha256\n']
  writeFileSync(join(own, 'config'), `[core]\n\trepositoryFormatVersion = ${version}\n\tbare = true\n${extension}`)
  const env = { ...git.env, GIT_DIR: own, GIT_LITERAL_PATHSPECS: '1' }
  return {
    archive: (treeish, { prefix, paths = [] }) => {
      const args = ['archive', '--format=tar', `--prefix=${prefix}`, treeish, '--', ...paths]
      const child = spawn('git', args, { cwd: own, env, stdio: ['ignore', 'pipe', 'pipe'] })
      let complaint = ''
      child.stderr.on('data', (chunk: Buffer) => {
        complaint = (complaint + chunk.toString('utf8')).slice(0, 1000)
      })
      const end = new Promise<string | null>((resolve) => {
        child.on('error', (error) => resolve(error.message))
        child.on('close', (code) => resolve(code === 0 ? null : `git archive: ${complaint.trim() || 'was ended'}`))
      })
      return { stream: child.stdout, end }
    },
    close: () => removeDirectory(own),
  }
}
