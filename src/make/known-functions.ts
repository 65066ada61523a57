/** How make splits the arguments of a function it knows (GNU make 4.4 function.c function_table_init). */
export type KnownFunction = {
  readonly name: string
  /** Fewer arguments are an error: "insufficient number of arguments". */
  readonly min: number
  /** The last argument takes the commas that follow; null where there is no maximum. */
  readonly max: number | null
  /** Whether all arguments are expanded before the call; otherwise the function does it, each when needed. */
  readonly expandArgs: boolean
}

const TEXT: readonly (readonly [name: string, min: number, max: number])[] = [
  ['abspath', 0, 1],
  ['addprefix', 2, 2],
  ['addsuffix', 2, 2],
  ['basename', 0, 1],
  ['dir', 0, 1],
  ['notdir', 0, 1],
  ['subst', 3, 3],
  ['suffix', 0, 1],
  ['filter', 2, 2],
  ['filter-out', 2, 2],
  ['findstring', 2, 2],
  ['firstword', 0, 1],
  ['flavor', 0, 1],
  ['join', 2, 2],
  ['lastword', 0, 1],
  ['patsubst', 3, 3],
  ['realpath', 0, 1],
  ['shell', 0, 1],
  ['sort', 0, 1],
  ['strip', 0, 1],
  ['wildcard', 0, 1],
  ['word', 2, 2],
  ['wordlist', 3, 3],
  ['words', 0, 1],
  ['origin', 0, 1],
  ['info', 0, 1],
  ['error', 0, 1],
  ['warning', 0, 1],
  ['value', 0, 1],
  ['eval', 0, 1],
  ['file', 1, 2],
]

const FUNCTIONS: readonly KnownFunction[] = [
  ...TEXT.map(([name, min, max]) => ({ name, min, max, expandArgs: true })),
  { name: 'call', min: 1, max: null, expandArgs: true },
  { name: 'foreach', min: 3, max: 3, expandArgs: false },
  { name: 'let', min: 3, max: 3, expandArgs: false },
  { name: 'intcmp', min: 2, max: 5, expandArgs: false },
  { name: 'if', min: 2, max: 3, expandArgs: false },
  { name: 'or', min: 1, max: null, expandArgs: false },
  { name: 'and', min: 1, max: null, expandArgs: false },
]

/** The functions of GNU make 4.4 by name, without `guile`, which few builds of it have and no kernel makefile calls. */
export const KNOWN_FUNCTIONS: ReadonlyMap<string, KnownFunction> = new Map(
  FUNCTIONS.map((known) => [known.name, known]),
)
