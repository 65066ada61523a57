import { commandMutators } from './mutators/kbuild-commands.ts'
import { flagMutators } from './mutators/flags-and-modules.ts'
import { kconfigMutators } from './mutators/kconfig.ts'
import { objectMutators } from './mutators/kbuild-objects.ts'
import { nameMutators } from './mutators/names-and-paths.ts'
import { syntaxMutators } from './mutators/make-syntax.ts'
import { patchMutators } from './mutators/patches.ts'
import { worldMutators } from './mutators/kbuild-worlds.ts'
import { productMutators } from './mutators/tests-and-products.ts'
import type { Mutator } from './plant.ts'

/** A mutator for each rule whose defect can be planted by one patch. */
export const mutators: readonly Mutator[] = [
  ...syntaxMutators,
  ...objectMutators,
  ...commandMutators,
  ...kconfigMutators,
  ...worldMutators,
  ...nameMutators,
  ...productMutators,
  ...flagMutators,
  ...patchMutators,
]
