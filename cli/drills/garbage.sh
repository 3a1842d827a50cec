#!/usr/bin/env bash
# Writes garbage into every topic that a running cluster reads, and shows that it lands in dead-letters with its cause,
# and that tasks still run.
#
#   cli/drills/garbage.sh HOST:PORT [URL]      Kafka's address as gpuctl up prints it, and the API's
#
# Needs kcat.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

kafka=${1:?the address of Kafka, HOST:PORT}
server=${2:-http://localhost:8080}
topics='task-commands placements task-reports node-events cluster-events gpu-telemetry node-conditions
        fault-injections'

letters() { kcat -b "$kafka" -C -q -e -t dead-letters -o "$1" -f "$2" 2>/dev/null; }
count() { letters beginning '%o\n' | wc -l; }

before=$(count)
for topic in $topics; do
    for partition in 0 1 2 3; do
        head -c 40 /dev/urandom | tr -d '\n' | kcat -b "$kafka" -P -k garbage -t "$topic" -p "$partition"
    done
done
# All but those in partitions of placements and fault-injections whose pool has no node: nobody reads these. Commands and
# facts are read by two services, and one of them may report them too.
for ((now = before, i = 0; i < 120; i++)); do
    now=$(count)
    [ "$((now - before))" -ge 26 ] && break
    sleep 0.5
done
echo "wrote 32 records of garbage; $((now - before)) dead letters came:"
letters "$before" '%h\n' | grep -o '__streams.errors.topic=[a-z-]*' | sort | uniq -c
echo "the cause of one: $(letters "$before" '%h\n' | grep -o '__streams.errors.message=.*' | head -n 1 | cut -c 1-160)"
./gpuctl submit --server "$server" --duration 1s --wait
./gpuctl verify --kafka "$kafka"
