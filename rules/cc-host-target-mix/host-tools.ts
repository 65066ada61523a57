/** A program of the host that the build has a variable for. */
export type HostTool = {
  /** The variable to use; null where it depends on what the program is for. */
  readonly variable: string | null
  /** The variable that the top makefile must know, or there is nothing better to say. */
  readonly known: string
  readonly advice: string
}

function targetTool(variable: string): HostTool {
  return { variable, known: variable, advice: `that of the target is \`$(${variable})\`` }
}

function compiler(target: string, host: string): HostTool {
  const advice = `the target's compiler is \`$(${target})\`, that of programs for the build \`$(${host})\``
  return { variable: null, known: target, advice }
}

/** By the name of the program. awk, perl and python are the host's by right: nothing of the target is in question. */
export const hostTools: ReadonlyMap<string, HostTool> = new Map([
  ...(['nm', 'objcopy', 'objdump', 'readelf', 'strip', 'ar', 'ld'] as const).map(
    (name) => [name, targetTool(name.toUpperCase())] as const,
  ),
  ['cpp', targetTool('CPP')],
  ...(['gcc', 'cc', 'clang'] as const).map((name) => [name, compiler('CC', 'HOSTCC')] as const),
  ['rustc', compiler('RUSTC', 'HOSTRUSTC')],
  [
    'pkg-config',
    {
      variable: 'HOSTPKG_CONFIG',
      known: 'HOSTPKG_CONFIG',
      advice: 'for programs of the build it is `$(HOSTPKG_CONFIG)`',
    },
  ],
])
