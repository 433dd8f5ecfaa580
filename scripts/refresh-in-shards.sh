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
program="${NODE:-node} $(dirname "$0")/registry-homepage.ts"

# Removals are decided where the shards are joined.
accept=
for word do
  shift
  if [ "$word" = --accept-removals ]; then accept=$word; else set -- "$@" "$word"; fi
done

number=1
while [ "$number" -le "$count" ]; do
  # The metrics are those of the whole.
  env -u REGISTRY_HOMEPAGE_METRICS_FILE $program crawl --shard "$number/$count" "$@" &
  number=$((number + 1))
done
wait

# What a shard that failed did not read stays as it was, and merge says so (3). Where it could do nothing, the build takes out of
# the site what settings hide by now.
$program merge $accept "$@"
merged=$?
env -u REGISTRY_HOMEPAGE_METRICS_FILE $program build "$@"
built=$?
[ "$built" -gt 3 ] && exit "$built"
[ "$merged" -eq 0 ] && exit "$built"
exit "$merged"
