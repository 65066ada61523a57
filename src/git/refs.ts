import { runGit, type RunOptions } from './run.ts'

/** A branch or tag, and the commit that it stands for. */
export type Ref = { readonly commit: string; readonly name: string }

/** Branches and tags looked at for a base that was published lately. */
const mostRefs = 50

/** The object that a revision names in a repository; null where it names none, or is no revision but an option. */
export async function resolveRevision(run: RunOptions, revision: string): Promise<string | null> {
  if (revision.startsWith('-')) return null
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', revision]
  const { exitCode, stdout } = await runGit(args, run)
  return exitCode === 0 ? stdout.toString('utf8').trim() : null
}

/** The branches and tags of a repository that changed last, newest first. Tags of other things than commits are left out. */
export async function newestRefs(run: RunOptions): Promise<readonly Ref[]> {
  const format = '%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname:short)'
  const places = ['refs/heads', 'refs/remotes', 'refs/tags']
  const args = ['for-each-ref', '--sort=-creatordate', `--count=${mostRefs}`, `--format=${format}`, ...places]
  const { stdout } = await runGit(args, run)
  return stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [type, id = '', peeledType, peeled = '', ...name] = line.split(' ')
      if (type === 'commit') return [{ commit: id, name: name.join(' ') }]
      return peeledType === 'commit' ? [{ commit: peeled, name: name.join(' ') }] : []
    })
}
