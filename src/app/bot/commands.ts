/** Something that a person asks of us in a reply. */
export type Command = {
  readonly name: 'retest' | 'invalid' | 'quiet' | 'explain'
  /** A rule's id; empty for none. */
  readonly argument: string
  /** Whether the person wants to hear that it was done. */
  readonly wantsAnswer: boolean
}

/** More than this in one mail nobody means. */
const mostCommands = 10

const shape =
  /^kbuild-review:[ \t]{1,8}(retest|invalid|quiet|explain)((?:[ \t]{1,8}[a-z][a-z0-9-]{0,60}){0,2})[ \t\r]{0,8}$/

/**
 * The commands of a mail: lines of their own, `kbuild-review: retest`, `invalid [RULE]`, `quiet`, `explain RULE`, and `ack` behind it for who wants
 * to hear that it was done. What is quoted, and what follows the signature's `-- `, is nobody's command.
 */
export function parseCommands(text: string): readonly Command[] {
  const lines = text.split('\n')
  const end = lines.indexOf('-- ')
  const own = end === -1 ? lines : lines.slice(0, end)
  return own.flatMap(commandOf).slice(0, mostCommands)
}

function commandOf(line: string): readonly Command[] {
  const [, name, rest = ''] = shape.exec(line) ?? []
  const words = rest
    .trim()
    .split(/[ \t]+/)
    .filter((word) => word !== '')
  const wantsAnswer = words.at(-1) === 'ack'
  const [argument = '', ...more] = wantsAnswer ? words.slice(0, -1) : words
  if (more.length > 0) return []
  if (name === 'retest' || name === 'quiet') return argument === '' ? [{ name, argument, wantsAnswer }] : []
  if (name === 'invalid') return [{ name, argument, wantsAnswer }]
  // an explanation is an answer
  return name === 'explain' && argument !== '' ? [{ name, argument, wantsAnswer: true }] : []
}
