/** Who sets a variable that the makefile of a directory finds set: by name. */
const setters: readonly (readonly [setter: string, names: readonly string[]])[] = [
  [
    'the top Makefile',
    [
      ...['srctree', 'objtree', 'srcroot', 'abs_srctree', 'abs_objtree', 'ARCH', 'SRCARCH', 'CONFIG_SHELL', 'BASH'],
      ...[
        'VERSION',
        'PATCHLEVEL',
        'SUBLEVEL',
        'KERNELRELEASE',
        'KERNELVERSION',
        'UTS_MACHINE',
        'KBUILD_EXTMOD',
        'CROSS_COMPILE',
      ],
      ...[
        'CC',
        'CPP',
        'LD',
        'AR',
        'NM',
        'STRIP',
        'OBJCOPY',
        'OBJDUMP',
        'READELF',
        'PAHOLE',
        'RESOLVE_BTFIDS',
        'LEX',
        'YACC',
      ],
      ...[
        'AWK',
        'PERL',
        'PYTHON3',
        'CHECK',
        'HOSTCC',
        'HOSTCXX',
        'HOSTRUSTC',
        'RUSTC',
        'RUSTDOC',
        'RUSTFMT',
        'BINDGEN',
        'CARGO',
      ],
      ...[
        'KBUILD_CFLAGS',
        'KBUILD_CPPFLAGS',
        'KBUILD_AFLAGS',
        'KBUILD_LDFLAGS',
        'KBUILD_HOSTCFLAGS',
        'KBUILD_HOSTLDFLAGS',
      ],
      ...[
        'KBUILD_USERCFLAGS',
        'KBUILD_USERLDFLAGS',
        'KBUILD_RUSTFLAGS',
        'NOSTDINC_FLAGS',
        'LINUXINCLUDE',
        'USERINCLUDE',
      ],
      ...[
        'CC_FLAGS_FTRACE',
        'CC_FLAGS_LTO',
        'CC_FLAGS_CFI',
        'CC_FLAGS_SCS',
        'RETHUNK_CFLAGS',
        'RETPOLINE_CFLAGS',
        'PADDING_CFLAGS',
      ],
      ...[
        'KBUILD_BUILTIN',
        'KBUILD_MODULES',
        'KBUILD_VERBOSE',
        'KBUILD_CHECKSRC',
        'INSTALL_MOD_PATH',
        'MODLIB',
        'LLVM',
        'quiet',
        'Q',
      ],
      ...['DEBUG_CFLAGS', 'KBUILD_OUTPUT', 'HOST_LFS_CFLAGS', 'LINUX_INCLUDE'],
    ],
  ],
  ['arch/*/Makefile', ['BITS', 'CC_FLAGS_FPU', 'CC_FLAGS_NO_FPU', 'CHECKFLAGS', 'KBUILD_IMAGE', 'KBUILD_DEFCONFIG']],
  ['scripts/Makefile.build', ['obj', 'src', 'need-builtin', 'need-modorder', 'modname', 'modname-multi']],
]

const setterOf: ReadonlyMap<string, string> = new Map(
  setters.flatMap(([setter, names]) => names.map((name) => [name, setter] as const)),
)

/**
 * Why a variable that nothing in sight sets has a value all the same; null for any other, which is empty as in make. Names that
 * can be set by hand or by the environment alone (`V=1`) are taken as not set.
 */
export function externalVariable(name: string): string | null {
  const setter = setterOf.get(name)
  return setter === undefined ? null : `\`${name}\` is set by ${setter}`
}
