import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { headings } from './rule-pages.ts'

const directory = resolve(import.meta.dirname, '..', 'rules')

/** `missing-source` as `missingSource`. */
function camelCase(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function ruleSource(id: string, version: string): string {
  return `import { defineRule } from '../../src/review/rule.ts'

/**
 * What is wrong, by which source (GNU make function, Documentation/kbuild section, line of scripts/Makefile.*).
 *
 * Silent when ...
 */
export default defineRule({
  id: '${id}',
  severity: 'warning',
  scope: 'tree',
  summary: 'One sentence: what is wrong.',
  since: '${version}',
  check({ makefiles, report, unsure }) {
    for (const makefile of makefiles) {
    }
  },
})
`
}

function pageSource(): string {
  const sections = headings.map(
    (heading) => `## ${heading}\n\n${heading === 'Example' ? '<!-- case: reports -->\n\n' : ''}`,
  )
  return sections.join('')
}

/** The index with one more rule, both of its lists sorted. */
export function withRule(index: string, id: string): string {
  const ids = [...index.matchAll(/^import \w+ from '\.\/([a-z0-9-]+)\/rule\.ts'$/gm)].flatMap((match) => match[1] ?? [])
  const all = [...new Set([...ids, id])].sort()
  const imports = all.map((each) => `import ${camelCase(each)} from './${each}/rule.ts'\n`).join('')
  const list = all.map((each) => `  ${camelCase(each)},\n`).join('')
  return `import type { Rule } from '../src/review/rule.ts'
${imports}
/** Every rule, sorted by id. */
// prettier-ignore
export const rules: readonly Rule[] = [
${list}]
`
}

function main(id: string | undefined): number {
  if (id === undefined || !/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(id)) {
    process.stderr.write(
      'usage: npm run new-rule -- ID      (words of lower-case letters and digits, joined by dashes)\n',
    )
    return 2
  }
  const home = join(directory, id)
  if (existsSync(home)) {
    process.stderr.write(`rules/${id} is there already\n`)
    return 2
  }
  // package.json is ours: it has a version
  const { version } = JSON.parse(readFileSync(join(directory, '..', 'package.json'), 'utf8')) as { version: string }
  for (const name of ['reports', 'ok-silent']) mkdirSync(join(home, 'cases', name, 'tree'), { recursive: true })
  writeFileSync(join(home, 'rule.ts'), ruleSource(id, version))
  writeFileSync(join(home, 'README.md'), pageSource())
  const index = join(directory, 'index.ts')
  writeFileSync(index, withRule(readFileSync(index, 'utf8'), id))
  process.stdout.write(`rules/${id} is laid out; rules/README.md says how to go on\n`)
  return 0
}

if (import.meta.main) process.exitCode = main(process.argv[2])
