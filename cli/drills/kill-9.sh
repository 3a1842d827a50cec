#!/usr/bin/env bash
# Kills a cluster with kill -9 at random moments in the middle of a workload, starts it again each time, lets the
# workload run to its end, and verifies the log: nothing lost, nothing done twice.
#
#   cli/drills/kill-9.sh NODES.csv PODS.csv [KILLS] [SPEED]
#
# Needs about SPEED=30000: 7 minutes for the workload, plus what is run again after each kill. Everything is kept in
# a new directory, which the last line names.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

nodes=${1:?the cluster: an openb node list}
pods=${2:?the workload: an openb pod list}
kills=${3:-10}
speed=${4:-30000}
port=${PORT:-8080}
data=$(mktemp -d "${TMPDIR:-/tmp}/gpuctl-kill-9.XXXXXX")
log=$data/up.log

up() {
    ./gpuctl up --data "$data/cluster" --cluster "$nodes" --workload "$pods" --speed "$speed" --port "$port" --once \
        >>"$log" 2>&1 &
    pid=$!
}

await_ready() {
    until tail -n +"$((lines + 1))" "$log" | grep -q '^ready in'; do
        kill -0 "$pid" 2>/dev/null || { echo "up ended by itself, see $log"; exit 1; }
        sleep 0.2
    done
}

./gpuctl --version >/dev/null # builds, if needed, before the clock runs
touch "$log"
for ((kill = 1; kill <= kills; kill++)); do
    lines=$(wc -l <"$log")
    up
    # Every fifth kill comes while it starts, the others while it works.
    if ((kill % 5)); then
        await_ready
        seconds=$((3 + RANDOM % 30))
    else
        seconds=$((1 + RANDOM % 8))
    fi
    sleep "$seconds"
    kill -9 "$pid"
    wait "$pid" 2>/dev/null || true
    echo "kill $kill of $kills: $(grep -E '^(ready|simulated)' "$log" | tail -n 1)"
done
up
wait "$pid" || { echo "the last run failed, see $log"; exit 1; }
sed -n '/^TASKS/,$p' "$log"
./gpuctl verify --data "$data/cluster"
echo "kept in $data"
