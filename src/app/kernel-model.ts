import { openTree, type Repository } from '../git/repository.ts'
import { kernelEnvironment, loadKconfig } from '../kconfig/load.ts'
import { readConfiguration } from '../kbuild/configuration.ts'
import { modelKernel, type KernelModel } from '../kbuild/kernel-model.ts'
import { sourceArch } from '../kbuild/source-arch.ts'
import { typesOfTree } from '../kbuild/symbol-types.ts'
import type { Tree } from '../text/tree.ts'
import type { KeptModels } from './kept-models.ts'

export type ModelRequest = {
  readonly repository: Repository
  readonly revision: string
  /** `ARCH`, as on make's command line. */
  readonly arch: string
  /** The text of a .config; null for all configurations at once. */
  readonly configuration: string | null
  /** Where models of all configurations are kept; each is made anew where left out. */
  readonly models?: KeptModels
}

/** What the kernel of a revision builds; null where the repository has no such revision. */
export async function modelRevision({ repository, revision, ...request }: ModelRequest): Promise<KernelModel | null> {
  const tree = await openTree(repository, revision)
  return tree === null ? null : modelTree(tree, request)
}

/** What the kernel of a tree builds for one architecture, in one configuration or in all of them. */
export function modelTree(
  tree: Tree,
  { arch, configuration, models }: Pick<ModelRequest, 'arch' | 'configuration' | 'models'>,
): KernelModel {
  if (configuration !== null) return modelKernel(tree, { arch, configuration: readConfiguration(configuration, tree) })
  const load = () => loadKconfig(tree, { env: kernelEnvironment(arch, sourceArch(tree, arch)) })
  return (models?.model ?? modelKernel)(tree, { arch, ...typesOfTree(tree, load) })
}
