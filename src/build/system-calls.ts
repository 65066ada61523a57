/** A machine's own number of an ABI (linux/audit.h), and its numbers of system calls (asm/unistd_64.h; asm-generic/unistd.h). */
type Machine = { readonly audit: number; readonly firstForeign: number | null; readonly numbers: readonly number[] }

/**
 * System calls that no build needs, and that reach what namespaces do not divide: keyrings of whoever runs us (keyrings(7) are inherited), other
 * processes' memory, programs in the kernel, its modules, its clock, mounts and namespaces. Each line is a name and the number on x86_64 and arm64.
 */
const refused: readonly (readonly [name: string, x64: number, arm64: number])[] = [
  ['ptrace', 101, 117],
  ['pivot_root', 155, 41],
  ['adjtimex', 159, 171],
  ['acct', 163, 89],
  ['settimeofday', 164, 170],
  ['mount', 165, 40],
  ['umount2', 166, 39],
  ['swapon', 167, 224],
  ['swapoff', 168, 225],
  ['reboot', 169, 142],
  ['init_module', 175, 105],
  ['delete_module', 176, 106],
  ['quotactl', 179, 60],
  ['clock_settime', 227, 112],
  ['kexec_load', 246, 104],
  ['add_key', 248, 217],
  ['request_key', 249, 218],
  ['keyctl', 250, 219],
  ['unshare', 272, 97],
  ['perf_event_open', 298, 241],
  ['name_to_handle_at', 303, 264],
  ['open_by_handle_at', 304, 265],
  ['clock_adjtime', 305, 266],
  ['setns', 308, 268],
  ['process_vm_readv', 310, 270],
  ['process_vm_writev', 311, 271],
  ['finit_module', 313, 273],
  ['kexec_file_load', 320, 294],
  ['bpf', 321, 280],
  ['userfaultfd', 323, 282],
  ['io_uring_setup', 425, 425],
  ['io_uring_enter', 426, 426],
  ['io_uring_register', 427, 427],
  ['open_tree', 428, 428],
  ['move_mount', 429, 429],
  ['fsopen', 430, 430],
  ['fsconfig', 431, 431],
  ['fsmount', 432, 432],
  ['fspick', 433, 433],
  ['mount_setattr', 442, 442],
]

const machines: Readonly<Partial<Record<string, Machine>>> = {
  // Numbers from this one on are of the x32 ABI (__X32_SYSCALL_BIT): another way to the same calls.
  x64: { audit: 0xc000003e, firstForeign: 0x4000_0000, numbers: refused.map(([, x64]) => x64) },
  arm64: { audit: 0xc00000b7, firstForeign: null, numbers: refused.map(([, , arm64]) => arm64) },
}

/** linux/bpf_common.h and linux/seccomp.h. */
const loadWord = 0x20
const jumpIfEqual = 0x15
const jumpIfNotBelow = 0x35
const giveBack = 0x06
const allow = 0x7fff_0000
const refuse = 0x0005_0001 // SECCOMP_RET_ERRNO | EPERM

/** Where struct seccomp_data has the number and the ABI of a call. */
const numberOffset = 0
const abiOffset = 4

/**
 * A program for `bwrap --seccomp` that answers EPERM to system calls that no build needs, and to all of another ABI; null for a machine
 * (as `process.arch` names it) whose numbers are not known here: nothing is refused there.
 */
export function systemCallFilter(machine: string): Uint8Array | null {
  const known = machines[machine]
  if (known === undefined) return null
  const { audit, firstForeign, numbers } = known
  const tests = [
    ...(firstForeign === null ? [] : [[jumpIfNotBelow, firstForeign] as const]),
    ...numbers.map((number) => [jumpIfEqual, number] as const),
  ]
  // Each test that holds jumps over the tests after it and over `allow`.
  const jumps = tests.map(([code, value], index) => instruction(code, value, tests.length - index))
  return Buffer.concat([
    instruction(loadWord, abiOffset, 0),
    instruction(jumpIfEqual, audit, 1),
    instruction(giveBack, refuse, 0),
    instruction(loadWord, numberOffset, 0),
    ...jumps,
    instruction(giveBack, allow, 0),
    instruction(giveBack, refuse, 0),
  ])
}

/** struct sock_filter (linux/filter.h): what to do, how far to jump where it holds, how far where not, a value; little-endian on both machines. */
function instruction(code: number, value: number, jumpIfSo: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt16LE(code, 0)
  bytes.writeUInt8(jumpIfSo, 2)
  bytes.writeUInt8(0, 3)
  bytes.writeUInt32LE(value, 4)
  return bytes
}
