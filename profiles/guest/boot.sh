#!/bin/sh
# Boots a kernel in an emulator: makes an initial file system with a first process of its own, what that tries, and the programs that
# it needs, and starts the emulator with it. Ends with 0 where all that is tried succeeds, with 1 where not, and with 125 where this machine
# lacks something, so that nobody takes that for a kernel that fails.
#
# usage: boot.sh -d DIRECTORY -c COMPILER [-m MODULE] [-k KSELFTEST [-t PROGRAM]...] -- EMULATOR...
#   -d  where init.c is, and where root/ and initramfs.cpio are made
#   -c  compiles programs of the architecture, with a C library to link statically
#   -m  becomes /boot/NAME in the file system
#   -k  an installed kselftest, which becomes /kselftest
#   -t  a program of this machine that tests call, with its libraries
set -eu

lack() { echo "boot: $1"; exit 125; }
need() { command -v "$1" >/dev/null || lack "no \`$1\` (Debian package $2)"; }
locate() { # locate PROGRAM: its path; `command -v` answers with a name alone where the shell has one of its own
    for place in /usr/local/bin /usr/bin /bin /usr/sbin /sbin; do
        [ ! -x "$place/$1" ] || { echo "$place/$1"; return; }
    done
    return 1
}
# Whatever fails before the emulator is started is no fault of the kernel.
started=
trap '[ -n "$started" ] || exit 125' EXIT

directory= compiler= module= kselftest= programs=
while getopts d:c:m:k:t: option; do
    case $option in
    d) directory=$OPTARG ;;
    c) compiler=$OPTARG ;;
    m) module=$OPTARG ;;
    k) kselftest=$OPTARG ;;
    t) programs="$programs $OPTARG" ;;
    *) sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 125 ;;
    esac
done
shift $((OPTIND - 1))
[ -n "$directory" ] && [ -n "$compiler" ] && [ $# -gt 0 ] || lack 'no directory, no compiler or no emulator is named'

need cpio cpio
need "$compiler" "gcc of the architecture"
need "$1" "qemu-system of the architecture"
root=$directory/root
rm -rf "$root"
mkdir -p "$root/boot" "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib" "$root/usr/lib64"
for name in bin sbin lib lib64; do ln -s "usr/$name" "$root/$name"; done
"$compiler" -O2 -static -o "$root/init" "$directory/init.c" || lack "\`$compiler\` makes no static program: no C library of the architecture?"
if [ -n "$module" ]; then
    [ -f "$module" ] || lack "nothing made $module"
    cp -- "$module" "$root/boot/"
fi
if [ -n "$kselftest" ]; then
    [ -d "$kselftest" ] || lack "nothing made $kselftest"
    cp -a -- "$kselftest" "$root/kselftest"
fi
[ -z "$programs" ] || [ "$("$compiler" -dumpmachine)" = "$(gcc -dumpmachine)" ] || lack 'programs of this machine run on no other architecture'
for program in $programs; do
    path=$(locate "$program") || lack "no \`$program\`, which tests call"
    cp -L -- "$path" "$root/usr/bin/$program"
    # Lines `libc.so.6 => /lib/.../libc.so.6 (0x...)` and `/lib64/ld-linux-x86-64.so.2 (0x...)` of ldd(1); a static program has none.
    for library in $(ldd "$path" 2>/dev/null | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) .*/\1/p'); do
        [ -e "$root$library" ] || cp -L --parents -- "$library" "$root"
    done
done
(cd "$root" && find . -mindepth 1 | LC_ALL=C sort | cpio -o -H newc --owner=+0:+0 --reproducible --quiet) >"$directory/initramfs.cpio" ||
    lack 'cpio makes no file system'
started=yes
"$@" </dev/null | tee "$directory/console"
grep -q 'kbuild-review: 1\.\.' "$directory/console" || { echo 'boot: the kernel did not come to its end'; exit 1; }
! grep -q 'kbuild-review: not ok ' "$directory/console"
