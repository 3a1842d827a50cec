#!/usr/bin/env bash
# Kills a cluster with kill -9 at random moments of a workload, starts it again each time, lets the workload run to its
# end, and verifies the log: nothing lost, nothing done twice.
#
#   cli/drills/kill-9.sh NODES.csv PODS.csv [KILLS] [SPEED]
#
# The moments are spread over the submissions: kill k comes somewhere in the k-th part of them, whatever the time. A
# trace's quiet months would get all the kills otherwise. Needs curl and bc; everything is kept in a new directory, which the
# last line names.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

nodes=${1:?the cluster: an openb node list}
pods=${2:?the workload: an openb pod list}
kills=${3:-10}
speed=${4:-30000}
port=${PORT:-8080}
data=$(mktemp -d "${TMPDIR:-/tmp}/gpuctl-kill-9.XXXXXX")
log=$data/up.log
total=$(($(wc -l <"$pods") - 1))

up() {
    ./gpuctl up --data "$data/cluster" --cluster "$nodes" --workload "$pods" --speed "$speed" --port "$port" --once \
        >>"$log" 2>&1 &
    pid=$!
}

# Tasks that the cluster has, 0 while it cannot say.
tasks() {
    curl -s -m 2 "localhost:$port/cluster/status" | grep -o '"tasks":{[^}]*}' | head -n 1 | grep -o '[0-9]*' | paste -sd+ | bc
}

./gpuctl --version >/dev/null # builds, if needed, before the clock runs
for ((kill = 1; kill <= kills; kill++)); do
    target=$((total * (kill - 1) / kills + 1 + RANDOM % (total / kills)))
    up
    until [ "$(tasks || true)" -ge "$target" ] 2>/dev/null; do
        kill -0 "$pid" 2>/dev/null || { echo "up ended by itself, see $log"; exit 1; }
        sleep 0.05
    done
    status=$(curl -s -m 2 "localhost:$port/cluster/status" | grep -o '"tasks":{[^}]*}' | head -n 1 || true)
    kill -9 "$pid"
    wait "$pid" 2>/dev/null || true
    echo "kill $kill of $kills, at $target submissions: $status"
done
up
wait "$pid" || { echo "the last run failed, see $log"; exit 1; }
sed -n '/^TASKS/,$p' "$log"
./gpuctl verify --data "$data/cluster"
echo "kept in $data"
