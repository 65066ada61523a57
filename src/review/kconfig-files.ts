import { plainSources } from '../kconfig/files.ts'
import type { KconfigFile, Statement } from '../kconfig/syntax.ts'
import type { WholeKconfig } from '../kconfig/whole-tree.ts'
import { oncePer } from '../text/once-per.ts'
import type { KconfigView, TreeContext } from './rule.ts'

type Config = Extract<Statement, { readonly kind: 'config' }>

/** The paths of the files with some kind of definition of a symbol, once for each definition. */
export type Definers = (symbol: string) => readonly string[]

/**
 * Finds who defines a symbol in some way: in the Kconfig files of all architectures together, those of an architecture whose
 * `arch/NAME/Kconfig` nobody reads, and those under review with what they read. What a file has is looked up once, and so
 * is what all files of a tree have.
 */
export function findDefiners(isMeant: (config: Config) => boolean): (context: TreeContext) => Definers {
  const namesIn = oncePer(({ statements }: KconfigFile) =>
    statements.flatMap((statement) => (statement.kind === 'config' && isMeant(statement) ? [statement.name.text] : [])),
  )
  const pathsByName = (files: Iterable<readonly [path: string, file: KconfigFile]>) => {
    const paths = new Map<string, string[]>()
    for (const [path, file] of files) {
      for (const name of namesIn(file)) {
        const known = paths.get(name)
        if (known === undefined) paths.set(name, [path])
        else known.push(path)
      }
    }
    return paths
  }
  const inWhole = oncePer(({ files }: WholeKconfig) => pathsByName(files))
  return (context) => {
    const whole = inWhole(context.wholeKconfig())
    const others = pathsByName(otherFiles(context))
    return (symbol) => [...(whole.get(symbol) ?? []), ...(others.get(symbol) ?? [])]
  }
}

/** The files that are not among those of all architectures. */
function* otherFiles({ tree, kconfig, kconfigs, wholeKconfig }: TreeContext): Generator<[string, KconfigFile]> {
  const { files } = wholeKconfig()
  const roots = tree.list('arch').map(({ name }) => `arch/${name}/Kconfig`)
  const waiting = ['Kconfig', ...roots, ...kconfigs.map(({ path }) => path)]
  const seen = new Set<string>()
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = files.has(path) || seen.has(path) ? null : kconfig(path)
    seen.add(path)
    if (file === null) continue
    waiting.push(...plainSources(file.syntax))
    yield [path, file.syntax]
  }
}

/** Whether two files may be read in the same configuration: there is one architecture at a time. */
export function canMeet(one: string, other: string): boolean {
  const [left, right] = [architectureOf(one), architectureOf(other)]
  return left === null || right === null || left === right
}

function architectureOf(path: string): string | null {
  return /^arch\/([^/]+)\//.exec(path)?.[1] ?? null
}

/** Whether a file is one of the kernel's: those in scripts/kconfig/tests are what conf is tested with, wrong on purpose. */
export function isKernelKconfig({ path }: KconfigView): boolean {
  return !path.startsWith('scripts/kconfig/tests/')
}
