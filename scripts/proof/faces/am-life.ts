import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ended, KernelCopy } from './kernel-copy.ts'
import type { RealRun } from './real-runs.ts'

/** git takes `git am --no-verify` since this release (its Documentation/RelNotes/2.40.0.txt). */
const noVerifySince = [2, 40]

/** A patch that is stopped, and one that is not. */
export type LifeMails = { readonly stopping: RealRun; readonly passing: RealRun }

/**
 * What people do at a stop, and beside it: what of that is not as git alone does it. Files of the user's that no patch touches are
 * there before and after.
 */
export function liveThrough(copy: KernelCopy, mails: LifeMails): readonly string[] {
  const edited = join(copy.directory, 'README')
  const notes = join(copy.directory, 'notes-of-mine')
  const start = copy.git(['rev-parse', 'HEAD']).stdout.trim()
  return Object.entries(scenes).flatMap(([title, scene]) => {
    copy.reset()
    writeFileSync(edited, 'edited\n')
    writeFileSync(notes, 'mine\n')
    const wrong = scene({ copy, start, ...mails }).flatMap(([what, holds]) => (holds ? [] : [what]))
    if (readFileSync(edited, 'utf8') !== 'edited\n' || readFileSync(notes, 'utf8') !== 'mine\n')
      wrong.push('lost a file')
    rmSync(notes)
    copy.reset()
    return wrong.map((what) => `${title}: ${what}`)
  })
}

type Scene = LifeMails & { readonly copy: KernelCopy; readonly start: string }
type Claim = readonly [what: string, holds: boolean]

const scenes: Readonly<Record<string, (scene: Scene) => readonly Claim[]>> = {
  continue: ({ copy, stopping, start }) => {
    const stopped = copy.git(['am', ...stopping.paths], 'on')
    const staged = copy.git(['write-tree']).stdout.trim()
    return [
      ['does not stop', stopped.status === 1],
      ['does not say how to go on', stopped.output.includes('git am --continue')],
      ['commits what it stops', headOf(copy) === start],
      ['has not staged the patch', staged === copy.git(['rev-parse', `${stopping.head}^{tree}`]).stdout.trim()],
      ['keeps no state', existsSync(stateOf(copy))],
      ['cannot be continued', copy.git(['am', '--continue'], 'on').status === 0],
      ['continues to another commit', headOf(copy) === stopping.head],
      ['leaves state behind', !existsSync(stateOf(copy))],
    ]
  },
  skip: ({ copy, stopping, passing }) => {
    copy.git(['am', ...stopping.paths, ...passing.paths], 'on')
    return [
      ['cannot be skipped', copy.git(['am', '--skip'], 'on').status === 0],
      ['does not go on to the next mail', headOf(copy) === passing.head],
      ['leaves state behind', !existsSync(stateOf(copy))],
    ]
  },
  abort: ({ copy, stopping, passing, start }) => {
    copy.git(['am', ...passing.paths, ...stopping.paths], 'on')
    return [
      ['does not commit what is good', parentOf(copy) === start],
      ['cannot be aborted', copy.git(['am', '--abort'], 'on').status === 0],
      ['does not go back', headOf(copy) === start],
      ['leaves state behind', !existsSync(stateOf(copy))],
      ['leaves the index changed', copy.git(['diff', '--cached', '--quiet']).status === 0],
    ]
  },
  'a hook of the user’s': ({ copy, stopping }) => {
    const ended = withOwnHook(copy, 'echo "the own hook ran" >&2', () => copy.git(['am', ...stopping.paths], 'on'))
    const order = ended.output.indexOf('the own hook ran') < ended.output.indexOf('kbuild-review: ')
    const refused = withOwnHook(copy, 'exit 1', () => copy.git(['am', ...stopping.paths], 'on'))
    return [
      ['does not run', ended.output.includes('the own hook ran')],
      ['keeps ours from running', ended.status === 1 && ended.output.includes('git am --continue') && order],
      ['is not obeyed', refused.status === 1 && !refused.output.includes('kbuild-review')],
    ]
  },
  'told not to ask': ({ copy, stopping }) => {
    const known = isAtLeast(copy, noVerifySince)
    const ended = known
      ? copy.git(['am', '--no-verify', ...stopping.paths], 'on')
      : copy.git(['am', ...stopping.paths], 'off')
    return [
      [`stops all the same with ${known ? '--no-verify' : 'KBUILD_REVIEW_HOOK=off'}`, ended.status === 0],
      ['commits something else', headOf(copy) === stopping.head],
    ]
  },
}

/** Runs with a hook of the user's before ours, and puts all back. */
function withOwnHook(copy: KernelCopy, command: string, act: () => Ended): Ended {
  const path = join(copy.directory, '.git', 'hooks', 'pre-applypatch')
  copy.review(['hook', 'uninstall'])
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${command}\n`)
  chmodSync(path, 0o755)
  copy.review(['hook', 'install'])
  const ended = act()
  copy.git(['am', '--abort'])
  copy.review(['hook', 'uninstall'])
  if (!existsSync(path)) throw new Error('the own hook did not come back')
  rmSync(path)
  copy.review(['hook', 'install'])
  return ended
}

function headOf(copy: KernelCopy): string {
  return copy.git(['rev-parse', 'HEAD']).stdout.trim()
}

function parentOf(copy: KernelCopy): string {
  return copy.git(['rev-parse', 'HEAD^']).stdout.trim()
}

function stateOf({ directory }: KernelCopy): string {
  return join(directory, '.git', 'rebase-apply')
}

function isAtLeast(copy: KernelCopy, [major = 0, minor = 0]: readonly number[]): boolean {
  const [, ours = '0', its = '0'] = /version (\d+)\.(\d+)/.exec(copy.git(['--version']).stdout) ?? []
  return Number(ours) > major || (Number(ours) === major && Number(its) >= minor)
}
