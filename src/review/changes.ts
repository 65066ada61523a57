/**
 * What some patches change in the build, in lines for people (`printChanges`), at most 15 for an architecture. There are none
 * where nothing changes.
 */
export type BuildChanges = {
  /** The architectures that it was worked out for, as `ARCH=` of make. */
  readonly archs: readonly string[]
  /** The lines, by the architectures that they hold for: what several have in common is told once. */
  readonly changes: readonly ChangesFor[]
}

export type ChangesFor = { readonly archs: readonly string[]; readonly lines: readonly string[] }

/** What a series changes in the build. */
export type Changes = {
  /** By patch; a patch that touches no build file, or of which it could not be worked out, has none. */
  readonly patches: readonly (BuildChanges & { readonly patch: number })[]
  /** From the base to the last patch: what one patch brings and another takes away is no part of it. Null where not known. */
  readonly whole: BuildChanges | null
}

/** Of a series that touches no build file. */
export const noChanges: Changes = { patches: [], whole: null }

/** Puts together what changes for each architecture. */
export function joinArchs(
  byArch: readonly { readonly arch: string; readonly lines: readonly string[] }[],
): BuildChanges {
  const holders = new Map<string, string[]>()
  for (const { arch, lines } of byArch) {
    for (const line of lines) {
      const known = holders.get(line)
      if (known === undefined) holders.set(line, [arch])
      else if (!known.includes(arch)) known.push(arch)
    }
  }
  const groups = Map.groupBy(holders, ([, archs]) => archs.join(' '))
  return {
    archs: byArch.map(({ arch }) => arch),
    changes: [...groups].map(([archs, held]) => ({ archs: archs.split(' '), lines: held.map(([line]) => line) })),
  }
}
