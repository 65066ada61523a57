import type { Tree } from '../../src/text/tree.ts'

/** A version of a tool as one number: 5.1.0 is 50100. */
type Version = number

/** The first versions of GCC and Clang that take a flag for any target. */
type Since = { readonly gcc: Version; readonly clang: Version }

/**
 * Flags that both compilers have, from the release notes of GCC (gcc.gnu.org/gcc-N/changes.html, "New Languages and Language specific
 * improvements") and Clang (releases.llvm.org). Flags of one architecture, of one compiler, and those that vendors have brought to older
 * versions are left out: of these nothing is known.
 */
const flags: ReadonlyMap<string, Since> = new Map([
  ...[
    ...['-fno-strict-aliasing', '-fno-common', '-ffreestanding', '-fno-builtin', '-fomit-frame-pointer'],
    ...['-fno-omit-frame-pointer', '-foptimize-sibling-calls', '-fno-optimize-sibling-calls', '-funsigned-char'],
    ...['-ffunction-sections', '-fdata-sections', '-fno-asynchronous-unwind-tables', '-fno-exceptions'],
    ...['-Wstrict-prototypes', '-Wmissing-prototypes', '-Wmissing-declarations', '-Wundef', '-Wshadow', '-Wextra'],
    ...['-Wunused', '-Wall', '-Wformat-security', '-Wpointer-arith', '-Wsign-compare', '-Wdeclaration-after-statement'],
  ].map((flag) => [flag, { gcc: 30400, clang: 30000 }] as const),
  // GCC 4.0: -fvisibility, -Wno-pointer-sign; 4.1: -fstack-protector; 4.2: -fno-strict-overflow; 4.3: -Wvla, -Wempty-body.
  ['-fvisibility=hidden', { gcc: 40000, clang: 30000 }],
  ['-fstack-protector', { gcc: 40100, clang: 30000 }],
  ['-fno-stack-protector', { gcc: 40100, clang: 30000 }],
  ['-fno-strict-overflow', { gcc: 40200, clang: 30300 }],
  ['-Wvla', { gcc: 40300, clang: 30000 }],
  ['-Wempty-body', { gcc: 40300, clang: 30000 }],
  // GCC 4.6; Clang 13.
  ['-Wunused-but-set-variable', { gcc: 40600, clang: 130000 }],
  // GCC 4.9; Clang 3.5.
  ['-fstack-protector-strong', { gcc: 40900, clang: 30500 }],
  ['-Wdate-time', { gcc: 40900, clang: 30500 }],
  // GCC 5; Clang 7.
  ['-Wincompatible-pointer-types', { gcc: 50000, clang: 30300 }],
  ['-fno-delete-null-pointer-checks', { gcc: 30400, clang: 70000 }],
  // GCC 6 and 7.
  ['-Wunused-const-variable', { gcc: 60000, clang: 30900 }],
  ['-Wimplicit-fallthrough', { gcc: 70000, clang: 30300 }],
])

/** The oldest compilers that a tree supports. */
export type OldestCompilers = { readonly gcc: Version; readonly clang: Version; readonly written: string }

/** What scripts/min-tool-version.sh says, the oldest of all architectures; null where it is not there or says something else. */
export function oldestCompilers(tree: Tree): OldestCompilers | null {
  const script = tree.read('scripts/min-tool-version.sh')
  const [gcc, clang] = [oldestIn(script, 'gcc'), oldestIn(script, 'llvm')]
  if (gcc === null || clang === null) return null
  return { gcc: gcc.version, clang: clang.version, written: `GCC ${gcc.written} and LLVM ${clang.written}` }
}

function oldestIn(script: string | null, tool: string): { readonly version: Version; readonly written: string } | null {
  const [, branch] = new RegExp(`^${tool}\\)\\n([^;]*(?:;(?!;)[^;]*)*);;`, 'm').exec(script ?? '') ?? []
  const versions = [...(branch ?? '').matchAll(/\becho (\d+)\.(\d+)\.(\d+)/g)].map(([text, major, minor, patch]) => ({
    version: Number(major) * 10000 + Number(minor) * 100 + Number(patch),
    written: text.slice('echo '.length),
  }))
  return versions.sort((one, other) => one.version - other.version)[0] ?? null
}

/** Whether all compilers of a tree take a flag. */
export function isAlwaysThere(flag: string, oldest: OldestCompilers): boolean {
  const since = flags.get(flag)
  return since !== undefined && since.gcc <= oldest.gcc && since.clang <= oldest.clang
}
