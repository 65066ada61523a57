import { never, type Cond } from '../../src/cond/conditions.ts'
import { objectsOf, type BuiltObject } from '../../src/kbuild/built-objects.ts'
import { kbuildDirectories, settingLines, whenHolds, witnessOnOwnArch } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory, Witness } from '../../src/review/knowledge.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'

/**
 * An object is compiled once, with the flags and the name of one module (scripts/Makefile.build, `modname` and `modkern_cflags`), and linked
 * into each that lists it: symbols are there twice, and what is built in is compiled as a module or the other way round. `make W=1`
 * says "is added to multiple modules" (`cmd_warn_shared_object`, Linux 6.2 and later).
 *
 * Silent where the lists exclude each other, where no configuration has both, where all of them are built in (the archive holds the object
 * once), and on objects that another directory lists by `..`.
 */
export default defineRule({
  id: 'ko-shared-object',
  severity: 'warning',
  scope: 'tree',
  summary: 'One object is linked into two modules, or into one and the kernel.',
  since: '0.1.0',
  check(context) {
    for (const found of kbuildDirectories(context)) {
      if (!found.reached) continue
      const objects = objectsOf(found.model.conditions, found.directory).filter(({ place }) => place.kind !== 'library')
      for (const places of Map.groupBy(objects, ({ path }) => path).values()) checkObject(found, places, context)
    }
  },
})

/** An object in two places at once, and when. */
type Overlap = {
  readonly left: BuiltObject
  readonly right: BuiltObject
  readonly when: Cond
  readonly witness: Witness
}

function checkObject(
  found: KbuildDirectory,
  places: readonly BuiltObject[],
  { symbols, report, unsure }: TreeContext,
): void {
  const overlap = firstOverlap(found, places, symbols)
  if (overlap === null) return
  const { left, right, when, witness } = overlap
  const [at] = right.origins
  const [other] = left.origins
  if (at === undefined || other === undefined) return
  const word = nameOf(right.path)
  if (witness.kind !== 'found') {
    unsure(at, `whether a configuration links \`${word}\` into both ${placeName(left)} and ${placeName(right)}`)
    return
  }
  report({
    at,
    subject: right.path,
    message: `\`${word}\` is linked into both ${placeName(left)} and ${placeName(right)}, but compiled once`,
    ...whenHolds(found, when),
    evidence: settingLines(witness),
    related: [{ at: other, message: `for ${placeName(left)}` }],
  })
}

/** Two places of one object that some configuration has at once; the one with a witness first. */
function firstOverlap(
  found: KbuildDirectory,
  places: readonly BuiltObject[],
  symbols: TreeContext['symbols'],
): Overlap | null {
  const { conditions } = found.model
  let open: Overlap | null = null
  for (const [index, left] of places.entries()) {
    for (const right of places.slice(index + 1)) {
      if (placeName(left) === placeName(right)) continue
      const when = conditions.and(left.when, right.when)
      if (when === never) continue
      const overlap = { left, right, when, witness: witnessOnOwnArch(found, when, symbols) }
      if (overlap.witness.kind === 'found') return overlap
      if (overlap.witness.kind === 'unknown') open ??= overlap
    }
  }
  return open
}

function placeName({ place, path }: BuiltObject): string {
  return place.kind === 'module' ? `${nameOf(place.path)}.ko` : place.kind === 'builtin' ? 'the kernel' : path
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
