/**
 * klp-build builds in the source tree alone ("We're not yet smart enough to handle anything other than in-tree builds", do_init() of scripts/livepatch/klp-build),
 * and a source tree that was built in cannot be built with O= any more (outputmakefile of the kernel's Makefile). So what it leaves is cleaned away, and
 * external modules, which lie in the source tree and which `make clean` removes too, are put back as they were.
 */
const script = `
output=$1 jobs=$2 patch=$3
shift 3
count=$1
shift
while [ "$count" -gt 0 ]; do
    export "$1"
    shift
    count=$((count - 1))
done
work=\${TMPDIR:-/tmp}
kept=$work/kbuild-review-modules.tar
tar -cf "$kept" --files-from=/dev/null
for module in "$@"; do [ ! -d "$module" ] || tar -rf "$kept" "$module"; done
trap 'make -s mrproper; tar -xf "$kept"; rm -f "$kept"' EXIT
cp "$output/.config" .config || exit 125
printf '%s' "$patch" >"$work/livepatch.patch"
scripts/livepatch/klp-build --jobs="$jobs" --output="$output/livepatch-klp-build.ko" "$work/livepatch.patch"
`

/** What a livepatch is made of. */
export type KlpBuild = {
  /** A diff. */
  readonly patch: string
  readonly jobs: number
  /** `NAME=VALUE`: make, which klp-build starts, takes them from the environment. */
  readonly variables: readonly string[]
  /** Directories of external modules, below the source tree. */
  readonly modules: readonly string[]
}

/** The command that makes a livepatch of a patch, below the output directory. */
export function klpBuildCommand(
  { patch, jobs, variables, modules }: KlpBuild,
  { source, output }: { readonly source: string; readonly output: string },
): { readonly command: readonly string[]; readonly directory: string } {
  const words = [output, String(jobs), patch, String(variables.length), ...variables, ...modules]
  return { directory: source, command: ['sh', '-c', script, 'sh', ...words] }
}
