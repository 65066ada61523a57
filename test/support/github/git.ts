import { execFileSync } from 'node:child_process'
import { parseDiff } from '../../../src/diff/parse-diff.ts'
import type { FileDiff } from '../../../src/diff/file-diff.ts'

/** Runs git in a repository of a test; throws where it fails. */
export function runGit(directory: string, ...args: string[]): string {
  return execFileSync('git', ['-C', directory, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
    },
  })
}

/** What a pull request shows under "Files changed": the diff from where it left its base. */
export function pullDiff(directory: string, base: string, head: string): readonly FileDiff[] {
  return parseDiff(runGit(directory, 'diff', '--full-index', '--find-renames', `${base}...${head}`)).files
}

/** Commits that the head has and the base has not, oldest first. */
export function pullCommits(directory: string, base: string, head: string): readonly string[] {
  const list = runGit(directory, 'rev-list', '--reverse', '--topo-order', `${base}..${head}`)
  return list.split('\n').filter((id) => id !== '')
}

/** The commit that a branch stands for. */
export function branchHead(directory: string, branch: string): string {
  return runGit(directory, 'rev-parse', '--verify', `refs/heads/${branch}`).trim()
}

/** Whether a repository has a commit. */
export function hasCommit(directory: string, id: string): boolean {
  try {
    runGit(directory, 'cat-file', '-e', `${id}^{commit}`)
    return true
  } catch {
    return false
  }
}

/** Whether a line can be commented on: it stands in a hunk, on that side. */
export function isCommentable(
  files: readonly FileDiff[],
  place: { readonly path: string; readonly line: number; readonly side: string },
): boolean {
  const file = files.find(({ newPath, oldPath }) => (newPath ?? oldPath) === place.path)
  const lines = file?.hunks.flatMap((hunk) => hunk.lines) ?? []
  return lines.some((line) => (place.side === 'LEFT' ? line.oldLine : line.newLine) === place.line)
}
