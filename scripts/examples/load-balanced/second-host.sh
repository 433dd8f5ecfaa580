#!/bin/sh
# On the second host, after the first one's hourly run: takes over what that run learnt, and builds the same site from it.
# The registry is not asked again, and both hosts serve the same bytes.
#
# second-host.sh FROM SETTINGS [OPTIONS OF build], where FROM is the first host's state folder as rsync names it:
# second-host.sh homepage-copy@registry-1: /etc/registry-homepage.yaml
set -eu

from=${1:?"usage: second-host.sh FROM SETTINGS [OPTIONS]"}
settings=${2:?"usage: second-host.sh FROM SETTINGS [OPTIONS]"}
shift 2
state=${REGISTRY_HOMEPAGE_STATE_DIR:-/var/lib/registry-homepage}
program=$(cd "$(dirname "$0")/../../.." && pwd)

# The index first, under another name: what it names stays at the first host until the run after. It is renamed into
# place when all that it names is here.
mkdir -p "$state/snapshot"
rsync -t "$from/snapshot/catalogue.json" "$state/catalogue.json.next"
rsync -rt --exclude=/catalogue.json "$from/snapshot/" "$state/snapshot/"
mv "$state/catalogue.json.next" "$state/snapshot/catalogue.json"
rsync -rt --delete --exclude=/catalogue.json "$from/snapshot/" "$state/snapshot/"
# What `verify` found there, so that the pages here say it too.
rsync -rt --include=/integrity/ --include='/integrity/*.json' --include='/integrity/*.journal' --exclude='*' "$from/" "$state/"

exec "$program/node_modules/.bin/node" "$program/scripts/registry-homepage.ts" build \
  --config "$settings" --state-dir "$state" "$@"
