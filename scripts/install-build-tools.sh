#!/bin/sh
# Installs what builds of kernels need on Debian and Ubuntu: host tools, the cross compilers of profiles/livepatch.yaml, the
# sandbox; with `boot` also the emulators; with `llvm` clang and lld. Asks for root where it is not.
#
# usage: scripts/install-build-tools.sh [boot] [llvm]
set -eu

host='make gcc libc6-dev flex bison bc perl tar libelf-dev libssl-dev dwarves ccache cpio kmod rsync xz-utils sparse
bash gawk patch patchutils libxxhash-dev'
cross='gcc-x86-64-linux-gnu gcc-aarch64-linux-gnu gcc-powerpc64le-linux-gnu gcc-powerpc-linux-gnu gcc-s390x-linux-gnu'
sandbox='bubblewrap util-linux uidmap'
# Programs that start in the emulators are linked statically, so the C libraries of their architectures are needed.
boot='qemu-system-x86 qemu-system-ppc qemu-system-misc libc6-dev-amd64-cross libc6-dev-ppc64el-cross libc6-dev-s390x-cross
bash coreutils cpio diffutils kmod libc-bin procps util-linux'
llvm='clang lld llvm'

wanted="$host $cross $sandbox"
for part in "$@"; do
    case $part in
    boot) wanted="$wanted $boot" ;;
    llvm) wanted="$wanted $llvm" ;;
    *) sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2 ;;
    esac
done

command -v apt-get >/dev/null || { echo "install-build-tools: no apt-get here; install by hand: $wanted" >&2; exit 3; }
# The compiler of the machine's own architecture has no package of that name there.
case $(dpkg --print-architecture) in
amd64) wanted=$(echo "$wanted" | sed 's/gcc-x86-64-linux-gnu//; s/libc6-dev-amd64-cross//') ;;
arm64) wanted=$(echo "$wanted" | sed 's/gcc-aarch64-linux-gnu//') ;;
ppc64el) wanted=$(echo "$wanted" | sed 's/gcc-powerpc64le-linux-gnu//; s/libc6-dev-ppc64el-cross//') ;;
s390x) wanted=$(echo "$wanted" | sed 's/gcc-s390x-linux-gnu//; s/libc6-dev-s390x-cross//') ;;
esac

missing=
for package in $wanted; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || { echo 'install-build-tools: all there'; exit 0; }

root=
[ "$(id -u)" = 0 ] || root=sudo
$root apt-get update -qq
# shellcheck disable=SC2086 # a list of packages
$root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=600 $missing
