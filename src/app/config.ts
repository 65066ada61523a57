import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { LineCounter, isNode, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { botSchema } from './bot/config.ts'
import { buildSchema } from './build-config.ts'
import { githubSchema } from './github-config.ts'

/** The configuration's name, looked for upwards from the tree. */
export const configName = '.kbuild-review.yaml'

/** A configuration file larger than this is a mistake (bytes). */
const maxConfigBytes = 1 << 20

const schema = z.strictObject({
  tree: z.string().min(1).optional().describe('a git checkout or bare repository of a kernel; --tree wins'),
  'fail-on': z
    .enum(['error', 'warning', 'never'])
    .default('warning')
    .describe('the least severity that makes check exit 1'),
  rules: z
    .strictObject({
      disable: z.array(z.string()).default([]).describe('rules that stay off'),
      ignore: z
        .record(z.string(), z.array(z.string().min(1)))
        .default({})
        .describe('by rule, the paths that it says nothing of, as F: lines of MAINTAINERS: drivers/vendor/'),
    })
    .default({ disable: [], ignore: {} }),
  reply: z
    .strictObject({
      from: z.string().min(3).describe('the identity replies are written under: Name <address>'),
      'reply-to': z.string().min(3).optional().describe('a mailbox that a person reads'),
      cc: z
        .array(z.string())
        .default([])
        .describe('lists and people that opted in; of them only those that the patch had are kept'),
    })
    .optional(),
  patchwork: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }).describe('a Patchwork that `check --patchwork` reports to'),
      'token-file': z.string().min(1).describe('a file with the API token of an account that may add checks'),
      context: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,255}$/, 'a name of letters, digits, - and _')
        .default('kbuild-review')
        .describe('the name of the check'),
    })
    .optional(),
  build: buildSchema.optional().describe('what bot and serve build of the series that they judge; nothing without it'),
  bot: botSchema.optional(),
  github: githubSchema.optional(),
})

/** The configuration, with every default filled in. */
export type Config = z.infer<typeof schema>

/** A configuration, or the lines that say what is wrong with it: `file:line: message`. */
export type ConfigResult =
  | { readonly kind: 'config'; readonly config: Config; readonly path: string | null }
  | { readonly kind: 'bad'; readonly problems: readonly string[] }

export type ConfigLookup = {
  /** --config; wins over what is found. */
  readonly given: string | null
  readonly startDirectory: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Unknown rule names in it are mistakes. */
  readonly knownRules: readonly string[]
}

/** Reads the configuration that applies: the given file, else the first upwards from the start, the user's, the system's; else the defaults. */
export function loadConfig(lookup: ConfigLookup): ConfigResult {
  const path = lookup.given ?? findConfig(lookup)
  if (path === null) return { kind: 'config', config: schema.parse({}), path: null }
  if (!existsSync(path)) return { kind: 'bad', problems: [`${path}: no such file`] }
  if (!statSync(path).isFile()) return { kind: 'bad', problems: [`${path}: not a file`] }
  const bytes = readFileSync(path)
  if (bytes.length > maxConfigBytes) return { kind: 'bad', problems: [`${path}: larger than ${maxConfigBytes} bytes`] }
  return parseConfig(bytes.toString('utf8'), path, lookup.knownRules)
}

/** Checks the text of a configuration; problems name the file and line. */
export function parseConfig(text: string, path: string, knownRules: readonly string[]): ConfigResult {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): string => `${path}:${lines.linePos(offset).line}`
  if (document.errors.length > 0)
    return { kind: 'bad', problems: document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`) }
  const result = schema.safeParse(document.toJS({ maxAliasCount: 10 }) ?? {})
  if (!result.success) {
    return {
      kind: 'bad',
      problems: result.error.issues.map(
        (issue) => `${at(offsetOf(document, issue.path))}: ${[...issue.path, issue.message].join(': ')}`,
      ),
    }
  }
  const { disable, ignore } = result.data.rules
  const named = [
    ...disable.map((id, index) => ({ id, where: ['rules', 'disable', index] })),
    ...Object.keys(ignore).map((id) => ({ id, where: ['rules', 'ignore', id] })),
    ...Object.entries(result.data.bot?.lists ?? {}).flatMap(([list, { checks }]) =>
      checks === 'all' ? [] : checks.map((id, index) => ({ id, where: ['bot', 'lists', list, 'checks', index] })),
    ),
  ]
  const unknown = named
    .filter(({ id }) => !knownRules.includes(id))
    .map(({ id, where }) => `${at(offsetOf(document, where))}: there is no rule \`${id}\``)
  const problems = [
    ...unknown,
    ...(result.data.bot !== undefined && result.data.reply === undefined
      ? [`${at(offsetOf(document, ['bot']))}: bot: needs \`reply.from\`: who the replies are from`]
      : []),
  ]
  return problems.length > 0 ? { kind: 'bad', problems } : { kind: 'config', config: result.data, path }
}

/** Where a value stands; of one that is missing, where its parent does. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function findConfig({ startDirectory, env }: ConfigLookup): string | null {
  const candidates: string[] = []
  for (let directory = startDirectory; ; directory = dirname(directory)) {
    candidates.push(join(directory, configName))
    if (dirname(directory) === directory) break
  }
  const home = env['XDG_CONFIG_HOME'] ?? (env['HOME'] === undefined ? null : join(env['HOME'], '.config'))
  if (home !== null) candidates.push(join(home, 'kbuild-review', 'config.yaml'))
  candidates.push('/etc/kbuild-review/config.yaml')
  return candidates.find((path) => existsSync(path)) ?? null
}
