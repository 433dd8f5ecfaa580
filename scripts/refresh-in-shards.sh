#!/bin/sh
# What `refresh` does in one process, in so many at once: each reads a share of the registry, then all is joined and built. Options
# that come after the number are those of all three commands, such as --config; the metrics file stands in the environment.
#
#   scripts/refresh-in-shards.sh 4 --config /etc/registry-homepage.yaml
#   scripts/refresh-in-shards.sh 4 --config /etc/registry-homepage.yaml --accept-removals
#
# On several machines: the crawls each on one, with the state folder shared or copied, the rest on the last that ends.
set -u
case ${1:-} in
  '' | 0* | *[!0-9]*)
    echo "usage: $0 NUMBER-OF-SHARDS [OPTION]..." >&2
    exit 64
    ;;
esac
count=$1
shift
folder=$(dirname "$0")
# The Node that the program came with; the system's may be too old.
node=$folder/../node_modules/.bin/node
[ -x "$node" ] || node=node
run() { "$node" "$folder/registry-homepage.ts" "$@"; }
run_unmetered() (
  unset REGISTRY_HOMEPAGE_METRICS_FILE
  run "$@"
)

# Removals are decided where the shards are joined.
accept=
for word do
  shift
  if [ "$word" = --accept-removals ]; then accept=$word; else set -- "$@" "$word"; fi
done

number=1
while [ "$number" -le "$count" ]; do
  # The metrics are those of the whole.
  run_unmetered crawl --shard "$number/$count" "$@" &
  number=$((number + 1))
done
wait

# What a shard that failed did not read stays as it was, and merge says so (3). Where there was nothing to join, an earlier run may
# have joined it and not come to the site.
run merge --build $accept "$@"
merged=$?
[ "$merged" -eq 69 ] || exit "$merged"
run_unmetered build "$@"
built=$?
[ "$built" -gt 3 ] && exit "$built"
exit "$merged"
