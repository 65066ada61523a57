import { createFacts, type Facts } from '../../../src/review/facts.ts'
import { isKconfig, isMakefile, worldOf } from '../../../src/review/world.ts'
import type { Tree } from '../../../src/text/tree.ts'
import { seededRandom } from '../mutate-mail.ts'
import { shuffled, type Kernel } from './plant.ts'

/** A tree that defects are planted in at places that the seed determines. */
export function kernelOf(tree: Tree, seed: number): Kernel {
  const facts = createFacts()
  const random = seededRandom(seed)
  const paths = shuffled(buildFiles(tree), random)
  const reached = paths.filter((path) => worldOf(path) === 'kbuild' && facts.directory(tree, path)?.reached === true)
  return { tree, knowledge: facts, random, paths, reached }
}

/** The facts for the next review. */
export type FactsSource = () => Facts

/** Reviews of one tree after another that share facts: the conditions of all of them are kept in one diagram, which grows. */
const sharing = 150

/** Facts that are shared by some reviews and then left behind. */
export function createFactsSource(): FactsSource {
  let facts = createFacts()
  let left = sharing
  return () => {
    if (left-- === 0) [facts, left] = [createFacts(), sharing]
    return facts
  }
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
