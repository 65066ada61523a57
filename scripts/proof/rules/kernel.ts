import type { Facts } from '../../../src/review/facts.ts'
import { isKconfig, isMakefile, worldOf } from '../../../src/review/world.ts'
import type { Tree } from '../../../src/text/tree.ts'
import { seededRandom } from '../mutate-mail.ts'
import { shuffled, type Kernel } from './plant.ts'

/** A tree that defects are planted in at places that the seed determines. */
export function kernelOf(tree: Tree, facts: Facts, seed: number): Kernel {
  const random = seededRandom(seed)
  const paths = shuffled(buildFiles(tree), random)
  const reached = paths.filter((path) => worldOf(path) === 'kbuild' && facts.directory(tree, path)?.reached === true)
  return { tree, knowledge: facts, random, paths, reached }
}

function buildFiles(tree: Tree): readonly string[] {
  const found: string[] = []
  const waiting = ['']
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop())
    for (const { name, kind } of tree.list(directory)) {
      const path = directory === '' ? name : `${directory}/${name}`
      if (kind === 'directory') waiting.push(path)
      else if (kind === 'file' && (isMakefile(path) || isKconfig(path))) found.push(path)
    }
  return found.sort()
}
