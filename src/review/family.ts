/** The families of rules, by what their ids begin with. */
const families: ReadonlyMap<string, string> = new Map([
  ['ms', 'make-syntax'],
  ['ko', 'kbuild-objects'],
  ['sd', 'kbuild-objects'],
  ['kc', 'kbuild-commands'],
  ['kf', 'kbuild-flags'],
  ['kp', 'kbuild-paths'],
  ['cc', 'cross-compile'],
  ['kcfg', 'kconfig'],
  ['st', 'selftests'],
  ['lp', 'livepatch'],
  ['oot', 'out-of-tree-modules'],
  ['cl', 'clean'],
  ['gi', 'clean'],
  ['dt', 'devicetree-and-headers'],
  ['hd', 'devicetree-and-headers'],
  ['pr', 'process'],
])

/** The family of a rule, by the first word of its id; null where no family begins so. */
export function familyOf(id: string): string | null {
  return families.get(id.slice(0, id.indexOf('-'))) ?? null
}
