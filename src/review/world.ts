/**
 * The world a makefile is read in: `kbuild` by scripts/Makefile.build, `top` the top and arch makefiles,
 * `core` scripts/Makefile.* and Kbuild.include, `tools` tools/build, `selftests` lib.mk, `doc` Documentation.
 */
export type World = 'kbuild' | 'top' | 'core' | 'tools' | 'selftests' | 'doc'

/** Files that make reads whatever they are called: included by name from one place each. */
const oddNames: ReadonlySet<string> = new Set([
  // arch/um/Makefile: include $(srctree)/$(ARCH_DIR)/Makefile-skas, .../Makefile-os-$(OS)
  'arch/um/Makefile-os-Linux',
  'arch/um/Makefile-skas',
  // arch/x86/Makefile: include $(srctree)/arch/x86/Makefile_32.cpu
  'arch/x86/Makefile_32.cpu',
  'drivers/usb/serial/Makefile-keyspan_pda_fw',
  // run as `$(MAKE) -f $(srctree)/scripts/package/debian/rules` by dpkg-buildpackage: `#!/usr/bin/make -f`
  'scripts/package/debian/rules',
])

/** `Makefile.am` is automake's and `Makefile.PL` is Perl's: neither is read by make. */
const foreignSuffixes: ReadonlySet<string> = new Set(['am', 'in', 'PL'])

/** Whether make reads the file at a path of a kernel tree, as far as its name tells. */
export function isMakefile(path: string): boolean {
  // Most files of a tree are sources: the rest looks at few.
  if (path.charAt(path.length - 2) === '.' && 'chS'.includes(path.charAt(path.length - 1))) return false
  if (oddNames.has(path)) return true
  const name = baseName(path)
  if (/^(GNUmakefile|Makefile|Kbuild|Build|Platform)$/.test(name)) return isRead(path, name)
  const variant = /^(?:Makefile|Kbuild|Build)\.([A-Za-z0-9_-]+)$/.exec(name)
  if (variant) return !foreignSuffixes.has(variant[1] ?? '') && !(name.startsWith('Build.') && variant[1] !== 'include')
  return /\.(mk|mak)$/.test(name) || path === 'scripts/subarch.include'
}

/** `Platform` is a makefile below arch/ alone (arch/mips/Kbuild.platforms includes them). */
function isRead(path: string, name: string): boolean {
  return name !== 'Platform' || path.startsWith('arch/')
}

/** Whether the file at a path of a kernel tree is in the Kconfig language, as far as its name tells. */
export function isKconfig(path: string): boolean {
  if (!path.startsWith('Kconfig', path.lastIndexOf('/') + 1)) return false
  return /^Kconfig([.-][A-Za-z0-9_-]+)*$/.test(baseName(path))
}

/**
 * The world that a makefile is read in; null where the path is no makefile.
 *
 * Told by the path alone. The classes and what falls into each are those of `World`; a file that Makefile.build only
 * reaches through another (drivers/firmware/efi/libstub/Makefile.zboot) is of the world of its reader.
 */
export function worldOf(path: string): World | null {
  if (!isMakefile(path)) return null
  if (path.startsWith('Documentation/')) return 'doc'
  if (path.startsWith('tools/testing/selftests/')) return 'selftests'
  // tools/testing/nvdimm/Kbuild, tools/testing/cxl/Kbuild: external modules, read by scripts/Makefile.build
  if (path.startsWith('tools/')) return baseName(path) === 'Kbuild' ? 'kbuild' : 'tools'
  if (isCore(path)) return 'core'
  return isTop(path) ? 'top' : 'kbuild'
}

/** scripts/Makefile.build and its like, scripts/Kbuild.include, scripts/subarch.include; not scripts/Makefile. */
function isCore(path: string): boolean {
  return /^scripts\/[^/]+\.[^/]+$/.test(path) || path === 'scripts/package/debian/rules'
}

/** Makefile, arch/ARCH/Makefile and what those include or run beside it: Makefile.um, Makefile.postlink, Platform. */
function isTop(path: string): boolean {
  if (path === 'Makefile' || path === 'GNUmakefile') return true
  return /^arch\/[^/]+\/(Makefile[^/]*|Kbuild\.[^/]+)$/.test(path) || /^arch\/.*\/Platform$/.test(path)
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
