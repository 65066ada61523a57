import { openTree, type Repository } from '../../git/repository.ts'
import { parseMaintainers, sectionsOf } from '../../review/maintainers.ts'

/** The addresses of the `M:` and `R:` lines of MAINTAINERS, as the kernel has it now, for some files; none where it has no such file. */
export async function maintainersOf(repository: Repository, paths: readonly string[]): Promise<readonly string[]> {
  const tree = await openTree(repository, 'HEAD')
  const text = tree?.read('MAINTAINERS') ?? null
  if (text === null) return []
  const sections = parseMaintainers(text)
  const found = paths.flatMap((path) => sectionsOf(sections, path).map(({ section }) => section))
  return [...new Set(found.flatMap(({ maintainers, reviewers }) => [...maintainers, ...reviewers]))]
}
