/**
 * Holds the mounts of a sandbox: the first process of its own process id and mount namespace (started by unshare(1)), so that all that is ever
 * started in it ends with it, and every mount too. Its standard input is a pipe that only we hold: it ends when we close it, and also when we are killed.
 *
 * Arguments: the directory of the mounts; the owner of what is written (`uid:gid`, or empty); bytes and files that may be written; options for overlay;
 * a directory to write to in place of an overlay, or empty; one for evidence, or empty; the layers, upper ones first; `--`; directories and files outside of
 * /usr, which only we may be able to reach; `--`; control groups to remove.
 */
export const holderScript = `
set -eu
[ $$ = 1 ] || exit 1
umask 022
trap '' HUP INT TERM
stage=$1 owner=$2 bytes=$3 files=$4 options=$5 directory=$6 evidence=$7
shift 7
read -r pid rest </proc/self/stat
mount -t proc proc /proc
space=$stage/space
mount -t tmpfs -o "size=$bytes,nr_inodes=$files,mode=0755,nosuid,nodev" kbuild-review "$space"
mkdir "$space/upper" "$space/upper/output" "$space/work" "$space/tmp" "$space/evidence"
chmod 1777 "$space/tmp"
layers= count=0
while [ "$1" != -- ]; do
    count=$((count + 1))
    mkdir "$space/layer$count"
    mount --bind -- "$1" "$space/layer$count"
    layers=$layers:$space/layer$count
    shift
done
shift
count=0
while [ "$1" != -- ]; do
    count=$((count + 1))
    if [ -d "$1" ]; then mkdir "$space/seen$count"; else : >"$space/seen$count"; fi
    mount --rbind -- "$1" "$space/seen$count"
    shift
done
shift
[ -z "$owner" ] || chown "$owner" "$space/upper" "$space/upper/output" "$space/tmp"
if [ -n "$evidence" ]; then
    mount --bind -- "$evidence" "$space/evidence"
fi
if [ -n "$directory" ]; then
    mount --bind -- "$directory" "$stage/build"
elif [ -n "$layers" ]; then
    mount -t overlay -o "\${options}lowerdir=\${layers#:},upperdir=$space/upper,workdir=$space/work" overlay "$stage/build"
else
    mount --bind "$space/upper" "$stage/build"
fi
echo "ready $pid"
exec >/dev/null 2>&1
cat || :
kill -9 -1 || :
umount -l "$stage/build" "$space" || :
rmdir "$stage/build" "$space" "$stage" || :
for group in "$@"; do
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        rmdir "$group" && break
        sleep 0.02
    done
done
`

/** Enters control groups, then becomes its command, with standard error joined to standard output. Arguments: the groups, \`--\`, the command. */
export const enterScript = `
set -eu
exec 2>&1
while [ "$1" != -- ]; do
    echo 0 >"$1/cgroup.procs"
    shift
done
shift
exec "$@"
`
