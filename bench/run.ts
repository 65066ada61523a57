/**
 * `npm run bench [NAME...]`: what is measured, side by side with the peer in one run, and the ratio. Never asserted here.
 */
import { resolve } from 'node:path'
import { layOutReference, type Reference } from '../scripts/reference.ts'

/** Measures something and gives the lines to print. */
export type Bench = (reference: Reference, say: (text: string) => void) => Promise<readonly string[]>

const benches: Record<string, () => Promise<{ readonly bench: Bench }>> = {
  bot: () => import('./bot.ts'),
  build: () => import('./build.ts'),
  hook: () => import('./hook.ts'),
  lint: () => import('./lint.ts'),
  'make-parse': () => import('./make-parse.ts'),
  model: () => import('./model.ts'),
  review: () => import('./review.ts'),
}

const say = (text: string): void => {
  process.stderr.write(`bench: ${text}\n`)
}

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !(name in benches))
  if (unknown !== undefined) {
    say(`usage: npm run bench -- [${Object.keys(benches).join('|')}]...`)
    return 2
  }
  const reference = layOutReference(resolve(import.meta.dirname, '..'), process.env, say)
  if (reference === null) {
    say('needs the list archives and kernel trees: KBUILD_REVIEW_SHARED, or ../shared')
    return 3
  }
  for (const name of names.length > 0 ? names : Object.keys(benches)) {
    say(`${name} ...`)
    const loaded = await benches[name]?.()
    for (const line of (await loaded?.bench(reference, say)) ?? []) process.stdout.write(`${name}: ${line}\n`)
  }
  return 0
}

process.exit(await main(process.argv.slice(2)))
