#!/usr/bin/env bash
# Reviews the commits of a pull request in the checkout of a workflow, and prints what is found as annotations.
#
# What actions/checkout fetches by default is one commit without its history; then the commits of the pull request are
# fetched and the one below them, and no more of a kernel's history.
set -euo pipefail

number=${KBUILD_REVIEW_NUMBER:-} head=${KBUILD_REVIEW_HEAD:-} base=${KBUILD_REVIEW_BASE:-} commits=${KBUILD_REVIEW_COMMITS:-}
die() {
    echo "::error title=kbuild-review::$1"
    exit 2
}
[[ $number =~ ^[0-9]+$ && $head =~ ^[0-9a-f]{40}$ && $base =~ ^[0-9a-f]{40}$ && $commits =~ ^[0-9]+$ ]] ||
    die 'this is no event of a pull request: use it in a workflow `on: pull_request`'

if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
    git fetch --quiet --no-tags --depth=$((commits + 1)) origin "+refs/pull/$number/head:refs/remotes/kbuild-review/head"
    [ "$(git rev-parse refs/remotes/kbuild-review/head)" = "$head" ] || die 'the pull request was pushed to meanwhile: its newer run will tell'
    # With merges among them the commits are no chain of this length.
    git rev-parse --verify --quiet "$head~$commits^{tree}" >/dev/null ||
        die 'the pull request holds merges: give actions/checkout `fetch-depth: 0`'
    range="$head~$commits..$head"
else
    git cat-file -e "$head^{commit}" 2>/dev/null || git fetch --quiet --no-tags origin "refs/pull/$number/head"
    range="$base..$head"
fi

read -ra arguments <<<"${KBUILD_REVIEW_ARGUMENTS:-}"
exec node "$(dirname "$0")/../../bin/kbuild-review.mjs" check --range "$range" --format github \
    --fail-on "${KBUILD_REVIEW_FAIL_ON:-error}" ${arguments[@]+"${arguments[@]}"}
