#!/usr/bin/env bash
# Two orchestrators, two api instances, a simulator and a broker, each a process of its own. Submits without a pause,
# kills the orchestrator that decides with kill -9, shows that placements go on from the other, and verifies the log.
#
#   cli/drills/failover.sh [SECONDS_OF_LOAD] [RATE]
#
# Needs kcat and curl.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

seconds=${1:-60}
rate=${2:-50}
kafka_port=${KAFKA_PORT:-19092}
kafka=127.0.0.1:$kafka_port
data=$(mktemp -d "${TMPDIR:-/tmp}/gpuctl-failover.XXXXXX")
declare -A pids

start() { # NAME ARGUMENT...
    local name=$1
    shift
    ./gpuctl run "$@" >"$data/$name.log" 2>&1 &
    pids[$name]=$!
}

await() { # NAME
    local i
    for ((i = 0; i < 120; i++)); do
        grep -q '^ready in' "$data/$1.log" && return
        kill -0 "${pids[$1]}" 2>/dev/null || break
        sleep 0.5
    done
    echo "$1 did not start:"
    cat "$data/$1.log"
    exit 1
}

stop_all() {
    for name in api-1 api-2 orchestrator-1 orchestrator-2 simulator broker; do
        [ -n "${pids[$name]-}" ] || continue
        kill "${pids[$name]}" 2>/dev/null || true
        wait "${pids[$name]}" 2>/dev/null || true
    done
}
trap stop_all EXIT

./gpuctl --version >/dev/null
start broker broker --data "$data/broker" --kafka-port "$kafka_port" --kafka-open
await broker
for i in 1 2; do
    start "orchestrator-$i" orchestrator --kafka "$kafka" --instance "orchestrator-$i" --data "$data"
    start "api-$i" api --kafka "$kafka" --instance "api-$i" --data "$data" --port "$((18080 + i))"
    await "orchestrator-$i"
    await "api-$i"
done
start simulator simulator --kafka "$kafka" --instance simulator --data "$data"
await simulator
for i in 1 2; do
    until [ "$(curl -s "localhost:$((18080 + i))/cluster/status" | grep -o '"up":32' | head -n 1)" ]; do sleep 0.5; done
done
echo "six processes, 32 nodes up"

./gpuctl bench latency --kafka "$kafka" --server http://localhost:18081 --rate "$rate" --seconds "$seconds" --warmup 0 \
    >"$data/bench.log" 2>&1 &
bench=$!
sleep $((seconds / 3))
# The one that decides has said so in the log.
victim=$(kcat -b "$kafka" -C -q -e -t cluster-events -o beginning 2>/dev/null | grep '"type":"orchestrator_started"' |
    tail -n 1 | sed 's/.*"instance_id":"\([^"]*\)".*/\1/')
kill -9 "${pids[$victim]}"
wait "${pids[$victim]}" 2>/dev/null || true
unset "pids[$victim]"
echo "killed $victim with kill -9 under load"
wait "$bench" || true
cat "$data/bench.log"
curl -s localhost:18082/cluster/status | grep -o '"tasks":{[^}]*}' | head -n 1
./gpuctl verify --kafka "$kafka"
echo "kept in $data"
