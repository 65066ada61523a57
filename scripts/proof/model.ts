import type { Check } from './check.ts'
import { proveCommands } from './model/commands.ts'
import { proveEvaluator } from './model/evaluator.ts'
import { proveKconfig } from './model/kconfig.ts'
import { proveMakeCases } from './model/make-cases.ts'
import { proveModelSpeed } from './model/speed.ts'
import { proveWholeTrees } from './model/whole-trees.ts'

/** What "Know what a kernel tree builds" must show. */
export const checks: readonly Check[] = [
  { number: 1, title: 'every leaf makefile against GNU make', run: proveEvaluator },
  { number: 2, title: 'whole trees against GNU make and their own Kbuild', run: proveWholeTrees },
  { number: 3, title: 'Kconfig against conf', run: proveKconfig },
  { number: 4, title: 'speed beside GNU make', run: proveModelSpeed },
  { number: 5, title: 'objects and diff, and the README', run: proveCommands },
  { number: 6, title: 'the oracle cases of GNU make', run: proveMakeCases },
]
