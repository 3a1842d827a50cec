#!/usr/bin/env bash
# Writes garbage into every topic that a running cluster reads, and shows that it lands in dead-letters with its cause,
# and that tasks still run.
#
#   cli/drills/garbage.sh HOST:PORT [URL]      Kafka's address as gpuctl up prints it, and the API's
#
# Needs kcat.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

kafka=${1:?Kafka's address, HOST:PORT}
server=${2:-http://localhost:8080}
topics='task-commands placements task-reports node-events cluster-events gpu-telemetry node-conditions'

letters() { kcat -b "$kafka" -C -q -e -t dead-letters -o beginning -f '%h\n' 2>/dev/null; }

before=$(letters | wc -l)
for topic in $topics; do
    for partition in 0 1 2 3; do
        head -c 40 /dev/urandom | tr -d '\n' | kcat -b "$kafka" -P -t "$topic" -p "$partition"
    done
done
written=$(($(wc -w <<<"$topics") * 4))
for ((i = 0; i < 60; i++)); do
    now=$(letters | wc -l)
    [ "$((now - before))" -ge "$written" ] && break
    sleep 0.5
done
echo "wrote $written records of garbage; dead letters: $((now - before)) more"
letters | tail -n "$((now - before))" | grep -o '__streams.errors.topic=[a-z-]*' | sort | uniq -c
echo "one of them: $(letters | tail -n 1 | cut -c 1-300)"
./gpuctl submit --server "$server" --duration 1s --wait
./gpuctl verify --kafka "$kafka" || true
