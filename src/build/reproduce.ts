import { printable } from '../review/printable.ts'
import type { ArchRun, BuildPaths } from './goal-run.ts'
import { configureGoal } from './profile-schema.ts'

/** A command of a build: what is started and where, in the paths of the sandbox. */
type Command = { readonly command: readonly string[]; readonly directory: string }

/** Where a patch is got from: an archive by its Message-ID (without brackets), the clone by a commit's id, or nowhere but here. */
export type PatchSource =
  | { readonly kind: 'message'; readonly id: string }
  /** With its diff, for a clone that has no such commit. */
  | { readonly kind: 'commit'; readonly id: string; readonly text: string }
  /** A diff, and what stands before it. */
  | { readonly kind: 'text'; readonly text: string }

/** What is to be done again outside of the bot. */
export type Reproduction = {
  /** What will be seen; one line. */
  readonly title: string
  /** The compiler and its version, for people; null where it is not known. */
  readonly toolchain: string | null
  /** What the build had of the environment beside what every build has: what a wrapper of make chooses the compiler by. */
  readonly environment?: Readonly<Record<string, string>>
  /** The commit that the patches go on. */
  readonly base: string
  /** Those up to the one that is at fault, in order. */
  readonly patches: readonly PatchSource[]
  readonly paths: BuildPaths
  /** The settings that are asked for, `CONFIG_X=y` a line; empty where there are none. */
  readonly fragments: string
  /** Where the commands look for the settings, in the paths of the sandbox. */
  readonly fragmentPath: string
  /** The commands that configure. Where the first does not read the settings itself, they are added to what it makes. */
  readonly configure: readonly Command[]
  readonly areFragmentsAppended: boolean
  /** Files of ours that the commands need, by their paths in the sandbox, in directories below the output. */
  readonly files?: Readonly<Record<string, string>>
  /** The commands that build; the last is the one that shows it. */
  readonly commands: readonly Command[]
}

/** Where mails are got from by their Message-ID: all lists in one. */
const archive = 'https://lore.kernel.org/all'

/**
 * A shell script that builds it again in any clone of the kernel: in a worktree of its own and a directory beside it, with the same commands.
 * It ends as the last command does. Nothing in it is left to the shell but what is ours: all else is quoted.
 */
export function printReproduction(reproduction: Reproduction): string {
  const { title, toolchain, base, patches, fragments, configure, commands, areFragmentsAppended } = reproduction
  const print = (each: Command): string => printCommand(each, reproduction.paths)
  const [first, ...settling] = configure
  const config = printWord(`${reproduction.paths.output}/.config`, reproduction.paths)
  const settings = printWord(reproduction.fragmentPath, reproduction.paths)
  const hasFragments = fragments.trim() !== ''
  return [
    '#!/bin/sh',
    `# ${comment(title)}`,
    ...(toolchain === null ? [] : [`# built with ${comment(toolchain)}`]),
    '#',
    '# Run it in a clone of the kernel: sh reproduce.sh [DIRECTORY]',
    '# It works in DIRECTORY (a new one below /tmp where none is given), and ends as its last command does.',
    'set -eu',
    ...Object.entries(reproduction.environment ?? {}).map(([name, value]) => `export ${name}=${quote(value)}`),
    '',
    // The directory is made absolute, as make is started elsewhere.
    'mkdir -p "${1:-/tmp}"',
    'work=$(cd "${1:-/tmp}" && mktemp -d "$PWD/reproduce.XXXXXX")',
    'source=$work/source',
    'output=$work/output',
    `git worktree add --detach "$source" ${quote(base)}`,
    'mkdir "$output"',
    '',
    ...patches.flatMap(printPatch),
    ...(hasFragments ? ['', ...printFragments(fragments, settings)] : []),
    '',
    ...(first ? [print(first)] : []),
    ...(hasFragments && areFragmentsAppended ? [`cat ${settings} >>${config}`] : []),
    ...settling.map(print),
    ...Object.entries(reproduction.files ?? {}).flatMap((file) => printFile(file, reproduction.paths)),
    ...commands.map(print),
    '',
  ].join('\n')
}

/** The commands that an architecture ran up to a goal after it was configured: the last one is the goal's. Other boots have no part in it. */
export function commandsUntil({ goals }: ArchRun, goal: string): readonly Command[] {
  const end = goals.findIndex((each) => each.goal === goal)
  const built = goals
    .slice(0, end + 1)
    .filter((each) => each.goal !== configureGoal && (each.goal === goal || each.tests === undefined))
  return built.map(({ command, directory }) => ({ command, directory }))
}

function comment(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' ')).slice(0, maxComment)
}

const maxComment = 200

/** A patch is fetched to a file first, so that a failure to get it is not taken for an empty one. */
function printPatch(patch: PatchSource, at: number): readonly string[] {
  const git = 'git -C "$source" -c user.name=reproduce -c user.email=reproduce@localhost'
  const file = `"$work"/${at + 1}.patch`
  if (patch.kind === 'message')
    return [
      `curl -fsSL -o ${file} ${quote(`${archive}/${encodeURIComponent(patch.id)}/raw`)}`,
      `${git} am --3way <${file}`,
    ]
  const apply = [
    ...printDocument(patch.text.replace(/\n$/, ''), file),
    `git -C "$source" apply --3way ${file}`,
    `${git} commit -q --no-verify -m 'patch ${at + 1}'`,
  ]
  if (patch.kind === 'text') return apply
  const isThere = `git -C "$source" cat-file -e ${quote(`${patch.id}^{commit}`)} 2>/dev/null`
  return [`if ${isThere}; then`, `${git} cherry-pick --allow-empty ${quote(patch.id)}`, 'else', ...apply, 'fi']
}

/** A file with its directory; the shell is given its lines and adds nothing. */
function printFile([path, text]: readonly [string, string], paths: BuildPaths): readonly string[] {
  const directory = printWord(path.slice(0, path.lastIndexOf('/')), paths)
  return [`mkdir -p ${directory}`, ...printDocument(text.trimEnd(), printWord(path, paths)), '']
}

function printFragments(fragments: string, file: string): readonly string[] {
  return printDocument(fragments.trim(), file)
}

/** A here-document that ends where nothing in it does. */
function printDocument(text: string, file: string): readonly string[] {
  const lines = text.split('\n')
  let end = 'END'
  while (lines.includes(end)) end += '_'
  return [`cat >${file} <<'${end}'`, ...lines, end]
}

function printCommand({ command, directory }: Command, paths: BuildPaths): string {
  const words = command.map((word) => printWord(word, paths)).join(' ')
  return `(cd ${printWord(directory, paths)} && ${words})`
}

/** A word with the paths of the sandbox as variables and all else quoted: `O="$output"`, `M="$source"/drivers/plant`. */
function printWord(word: string, { source, output }: BuildPaths): string {
  const [inner, outer] = [
    [source, '"$source"'],
    [output, '"$output"'],
  ].sort(([a = ''], [b = '']) => b.length - a.length)
  const [path = '', variable = ''] = inner ?? []
  const [other = '', otherVariable = ''] = outer ?? []
  const within = (text: string): string => splitAt(text, other).map(quotePart).join(otherVariable)
  return splitAt(word, path).map(within).join(variable) || "''"
}

/** The parts of a text between a path, where that ends with its last component. */
function splitAt(text: string, path: string): readonly string[] {
  const parts: string[] = []
  let start = 0
  for (let at = text.indexOf(path); at !== -1; at = text.indexOf(path, at + path.length)) {
    const next = text[at + path.length]
    if (next !== undefined && next !== '/' && next !== ':' && next !== ' ') continue
    parts.push(text.slice(start, at))
    start = at + path.length
  }
  return [...parts, text.slice(start)]
}

/** A part of a word; nothing of an empty one. */
function quotePart(text: string): string {
  return text === '' ? '' : quote(text)
}

/** A text as the shell takes it for itself (POSIX, Shell Command Language 2.2.2): as it is where no character means anything. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
