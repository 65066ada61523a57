/** A defect of Linux 6.12.117 that was known before any of the rules was written. */
export type LiveDefect = { readonly rule: string; readonly path: RegExp }

const selftests = (names: string): readonly LiveDefect[] =>
  names
    .split(' ')
    .map((name) => ({ rule: 'st-unregistered-test', path: new RegExp(`^tools/testing/selftests/${name}/`) }))

/** The defects, by the rule that has to find them and the file. */
export const liveDefects: readonly LiveDefect[] = [
  { rule: 'ms-ifdef-misuse', path: /^tools\/tracing\/latency\/Makefile\.config$/ },
  { rule: 'ms-target-typo', path: /^drivers\/crypto\/tegra\/Makefile$/ },
  { rule: 'ms-undefined-macro', path: /^tools\/testing\/selftests\/powerpc\/dexcr\/Makefile$/ },
  { rule: 'kc-if-changed-no-force', path: /^arch\/powerpc\/platforms\/cell\/spufs\/Makefile$/ },
  { rule: 'kc-if-changed-no-force', path: /^arch\/microblaze\/boot\/dts\/Makefile$/ },
  { rule: 'kc-if-changed-no-force', path: /^arch\/csky\/boot\/Makefile$/ },
  { rule: 'kp-src-obj-mixup', path: /^arch\/powerpc\/platforms\/cell\/spufs\/Makefile$/ },
  ...['s390', 'mips', 'powerpc'].map((arch) => ({
    rule: 'kf-include-path',
    path: new RegExp(`^arch/${arch}/kvm/Makefile$`),
  })),
  ...selftests('dma filelock ia64 kmod locking media_tests ptp ring-buffer safesetid sched watchdog'),
  { rule: 'st-test-prog-files', path: /^tools\/testing\/selftests\/net\/Makefile$/ },
  { rule: 'gi-not-ignored', path: /^tools\/testing\/selftests\// },
  { rule: 'kcfg-undefined-symbol', path: /Kconfig/ },
]
