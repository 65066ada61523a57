import { buildPaths, type GoalCommand } from './goal-command.ts'
import type { BootPlan, Emulator, ProfileArch, ProfileGoal } from './profile-schema.ts'

/** What is booted is put together here, in the sandbox. */
export const bootDirectory = `${buildPaths.output}/.kbuild-review-boot`

/** The files of ours that booting needs, by name, below `bootDirectory`. */
export type GuestFiles = { readonly 'init.c': string; readonly 'boot.sh': string }

/** The goals that boot what was built, and what they need of us. */
export type Booting = { readonly goals: readonly ProfileGoal[]; readonly guest: GuestFiles }

/** The command that makes an initial file system for a kernel, and boots it in an emulator of its architecture. */
export function bootCommand(boot: BootPlan, arch: ProfileArch, emulator: Emulator): GoalCommand {
  const { livepatch, kselftest, programs } = boot
  return {
    directory: buildPaths.output,
    command: [
      ...['sh', `${bootDirectory}/boot.sh`, '-d', bootDirectory, '-c', `${arch.prefix}gcc`],
      ...(livepatch === undefined ? [] : ['-m', livepatch]),
      ...(kselftest === undefined ? [] : ['-k', kselftest]),
      ...programs.flatMap((program) => ['-t', program]),
      '--',
      ...emulatorCommand(boot, emulator),
    ],
  }
}

/**
 * The emulated machine has a console and nothing else: no network, no disk, no way to start programs (qemu(1), -sandbox). It ends where it
 * would start again, so that a panic ends it too.
 */
function emulatorCommand(boot: BootPlan, emulator: Emulator): readonly string[] {
  const { program, arguments: own, kernel } = emulator
  return [
    ...[program, '-accel', 'tcg', ...own, '-m', `${Math.floor(boot.memory / 2 ** 20)}M`],
    ...['-nographic', '-monitor', 'none', '-no-reboot', '-nic', 'none'],
    ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny'],
    ...['-kernel', kernel, '-initrd', `${bootDirectory}/initramfs.cpio`],
    ...['-append', kernelArguments(boot, emulator)],
  ]
}

/**
 * Warnings and worse are shown on the console, an oops is a panic, and a panic ends it at once (Documentation/admin-guide/kernel-parameters.txt).
 * What stands after `--` are the arguments of the first process (init/main.c).
 */
function kernelArguments({ livepatch, shows, kselftest }: BootPlan, { console, parameters }: Emulator): string {
  const name = livepatch?.slice(livepatch.lastIndexOf('/') + 1)
  return [
    ...[`console=${console}`, 'panic=-1', 'oops=panic', 'loglevel=5', 'printk.devkmsg=on', ...parameters, '--'],
    ...(name === undefined ? [] : [`shows=${shows}`, `livepatch=/boot/${name}`]),
    ...(kselftest === undefined ? [] : ['kselftest=/kselftest']),
  ].join(' ')
}
