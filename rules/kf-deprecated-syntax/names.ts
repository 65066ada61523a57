import type { World } from '../../src/review/rule.ts'
import type { Engine } from './engine.ts'

/** A variable that makefiles used to set, and what took its place. */
export type OldName = {
  /** The name as it is written before the operator. */
  readonly pattern: RegExp
  readonly worlds: readonly World[]
  /** What to write; null where it takes more than another name. */
  readonly replacement: string | null
  readonly advice: string
  /** Whether the tree's engine still reads it. */
  readonly isRead: (engine: Engine, name: string) => boolean
  /** Whether it is on its way out where it is still read. */
  readonly isLeaving: boolean
}

function flags(old: string, replacement: string): OldName {
  const advice = `\`${replacement}\` took its place`
  return {
    pattern: new RegExp(`^${old}$`),
    worlds: ['kbuild'],
    replacement,
    advice,
    isRead: (engine) => engine.reads(old),
    isLeaving: true,
  }
}

/** In the order of their going: EXTRA_CFLAGS with Linux 6.15, head-y with 6.1, always and hostprogs-y with 5.12, clean-dirs with 5.4, LDFLAGS with 4.20. */
export const oldNames: readonly OldName[] = [
  flags('EXTRA_CFLAGS', 'ccflags-y'),
  flags('EXTRA_AFLAGS', 'asflags-y'),
  flags('EXTRA_CPPFLAGS', 'cppflags-y'),
  flags('EXTRA_LDFLAGS', 'ldflags-y'),
  {
    pattern: /^head-(?:y|\$\(CONFIG_\w+\))$/,
    worlds: ['top'],
    replacement: null,
    advice: 'scripts/head-object-list.txt lists what is linked first',
    isRead: (engine) => engine.reads('head-y'),
    isLeaving: false,
  },
  { ...flags('always', 'always-y'), isLeaving: false },
  {
    pattern: /^(?:hostprogs-(?:y|m|\$\(CONFIG_\w+\))|host-progs)$/,
    worlds: ['kbuild'],
    replacement: null,
    advice: '`hostprogs` took its place, or `hostprogs-always-y` for what is to be built in any case',
    isRead: (engine, name) => engine.reads(name === 'host-progs' ? name : 'hostprogs-y'),
    isLeaving: false,
  },
  {
    pattern: /^clean-dirs$/,
    worlds: ['kbuild'],
    replacement: 'clean-files',
    advice: '`clean-files` takes directories too',
    // The top makefile has a list of the same name for itself; Makefile.clean made `__clean-dirs` of that of a directory.
    isRead: (engine) => engine.mentions('__clean-dirs'),
    isLeaving: false,
  },
  { ...flags('LDFLAGS', 'KBUILD_LDFLAGS'), worlds: ['top'], isLeaving: false },
]

/** Macros that are gone, and what to call instead. */
export const oldMacros: Readonly<Record<string, string>> = {
  'cc-ldoption': '`$(call cc-option,...)`, or `$(call ld-option,...)`',
  'cc-ifversion': '`$(call gcc-min-version,...)`',
  'ld-ifversion': '`$(call test-ge, $(CONFIG_LD_VERSION), ...)`',
  'cc-version': '`$(CONFIG_GCC_VERSION)`',
  'cc-fullversion': '`$(CONFIG_GCC_VERSION)`',
  'ld-version': '`$(CONFIG_LD_VERSION)`',
}
