/** The variables that the top Makefile, and the makefiles of directories, hand to those below: flags of all objects among them. */
import type { Cond } from '../cond/conditions.ts'
import type { Value } from '../make/value.ts'
import { compareFlags } from './changed-flags.ts'
import type { FlagChange } from './changed-flags.ts'
import { countCompiled } from './compiled-objects.ts'
import type { Language } from './compiled-objects.ts'
import { isSameValue } from '../kbuild/dependencies.ts'
import { doubtBetween } from './doubts.ts'
import type { ModelPair } from './directory-pairs.ts'
import type { Evaluation } from '../make/evaluation.ts'

/** Variables whose flags reach every object of a language (scripts/Makefile.lib, `_c_flags`, `a_flags`, `rust_flags`). */
const ofAll: readonly (readonly [RegExp, Language])[] = [
  [/^KBUILD_CFLAGS(?:_KERNEL|_MODULE)?$/, 'c'],
  [/^KBUILD_AFLAGS(?:_KERNEL|_MODULE)?$/, 'assembler'],
  [/^KBUILD_RUSTFLAGS(?:_KERNEL|_MODULE)?$/, 'rust'],
  [/^(?:KBUILD_CPPFLAGS|LINUXINCLUDE|NOSTDINC_FLAGS)$/, 'any'],
]

/** How what the top Makefile exports differs; the flags of all objects with the number of these. */
export function changedVariables({ before: earlier, after }: ModelPair, care: Cond): readonly FlagChange[] {
  const [old, young] = [earlier.top.evaluation, after.top.evaluation]
  if (old === null || young === null || old === young) return []
  const names = new Set([...earlier.top.exported.keys(), ...after.top.exported.keys(), ...topOnly])
  return [...names].sort().flatMap((variable) => {
    const was = valueOf(old, earlier.top.exported.get(variable), variable)
    const is = valueOf(young, after.top.exported.get(variable), variable)
    if (isSameValue(was, is)) return []
    const [before, now] = [old.wordsOf(was), young.wordsOf(is)]
    const doubt = doubtBetween(before.unknown, now.unknown)
    const change = compareFlags(after.conditions, { was: before.words, is: now.words, care, doubt })
    if (change === null) return []
    const language = ofAll.find(([name]) => name.test(variable))?.[1]
    const objects = language === undefined ? null : countCompiled(after, [...after.directories.values()], language)
    return [{ kind: 'flags' as const, path: null, variable, ...change, objects }]
  })
}

/** Variables that only the top Makefile and the scripts that it starts read: what is linked in by `obj-y` is in the objects. */
const topOnly: readonly string[] = ['LDFLAGS_vmlinux', 'KBUILD_LDFLAGS', 'KBUILD_LDFLAGS_MODULE', 'KBUILD_IMAGE']

function valueOf(evaluation: Evaluation, exported: Value | undefined, variable: string): Value {
  return exported ?? evaluation.value(variable)
}
