/** The hooks that are ours to install, by what they are for. */
export const hookNames = {
  am: ['applypatch-msg', 'pre-applypatch', 'post-applypatch'],
  commit: ['commit-msg'],
  push: ['pre-push'],
} as const

export type HookName = (typeof hookNames)[keyof typeof hookNames][number]

/** The line by which a script is known as ours. */
export const hookMark = '# kbuild-review hook'

/** What the file name of a hook that was there before gets. git runs no file of such a name. */
export const keptSuffix = '.before-kbuild-review'

/** How a hook is started: the Node and the client that were there when it was installed. */
export type HookProgram = {
  readonly node: string
  readonly client: string
  /** Whether a judge stays behind in memory for the next patch. */
  readonly resident: boolean
}

/**
 * The script of a hook. It runs the one that was there before it, and ends as that does where it fails; a program that is no longer
 * there, or KBUILD_REVIEW_HOOK=off, lets git go on. Hooks that work ahead do so behind git's back (githooks(5)), where there is
 * anything ahead.
 */
export function hookScript(name: HookName, program: HookProgram): string {
  const waits = name !== 'applypatch-msg' && name !== 'post-applypatch'
  const start = `"$node" ${quoted(program.client)} ${program.resident ? '' : '--once '}${name} "$@"`
  return [
    '#!/bin/sh',
    `${hookMark} ${name}: \`kbuild-review hook uninstall\` takes it away again`,
    `kept="$0${keptSuffix}"`,
    ...(name === 'pre-push' ? chainWithInput : chain),
    '[ "$KBUILD_REVIEW_HOOK" = off ] && exit 0',
    ...(name === 'pre-push' || name === 'commit-msg' ? [] : readSession),
    ...(name === 'applypatch-msg' || name === 'post-applypatch' ? nothingAhead[name] : []),
    `node=${quoted(program.node)}`,
    '[ -x "$node" ] || node=node',
    `if [ ! -f ${quoted(program.client)} ] || ! command -v "$node" >/dev/null 2>&1; then`,
    ...(waits ? ['\techo "kbuild-review: not judged: the program is gone" >&2'] : []),
    '\texit 0',
    'fi',
    ...(name === 'pre-push'
      ? [`printf '%s\\n' "$refs" | ${start}`]
      : [waits ? `exec ${start}` : `${start} </dev/null >/dev/null 2>&1 &\nexit 0`]),
    '',
  ].join('\n')
}

/**
 * The mail that `git am` is at, and the last one (git's builtin/am.c); none in a worktree for which git names no directory. A rebase that
 * applies commits is none of ours.
 */
const readSession = [
  'next= last=',
  'am="${GIT_DIR:-.git}/rebase-apply"',
  '[ ! -f "$am/rebasing" ] || exit 0',
  '[ ! -f "$am/last" ] || { read -r next <"$am/next"; read -r last <"$am/last"; }',
]

/** The first mail is worked at when it comes, each other one when the one before it is committed. A client is not started in vain. */
const nothingAhead = {
  'applypatch-msg': ['[ "${next:-1}" = 1 ] || exit 0'],
  'post-applypatch': ['[ "${next:-1}" != "${last:-0}" ] || exit 0'],
}

const chain = ['if [ -x "$kept" ]; then', '\t"$kept" "$@" || exit $?', 'fi']

/** Both need what git says on standard input. */
const chainWithInput = [
  'refs=$(cat)',
  'if [ -x "$kept" ]; then',
  `\tprintf '%s\\n' "$refs" | "$kept" "$@" || exit $?`,
  'fi',
]

/** A word for sh, whatever is in it (POSIX.1-2017 Shell Command Language 2.2.2). */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
