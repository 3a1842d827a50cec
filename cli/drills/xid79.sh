#!/usr/bin/env bash
# A cluster whose first node is busy with eight tasks. All GPUs of that node fall off the bus (XID 79), one right after the
# other. Shows how long it takes until the tasks run elsewhere, and from which checkpoint; verifies the log, and replays it.
#
#   cli/drills/xid79.sh
#
# Needs kcat, curl and jq.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

kafka=127.0.0.1:${KAFKA_PORT:-19092}
port=${PORT:-18080}
api=http://localhost:$port
data=$(mktemp -d "${TMPDIR:-/tmp}/gpuctl-xid79.XXXXXX")

./gpuctl --version >/dev/null
./gpuctl up --data "$data/cluster" --kafka-port "${kafka#*:}" --kafka-open --port "$port" >"$data/up.log" 2>&1 &
up=$!
stop() { kill "$up" 2>/dev/null && wait "$up" || true; }
trap stop EXIT

await() { # SECONDS COMMAND...
    local left=$(($1 * 5))
    shift
    until "$@"; do
        ((left-- > 0)) || { echo "gave up waiting for: $*"; exit 1; }
        sleep 0.2
    done
}
running() { curl -s "$api/tasks?state=running&limit=100" | jq '.tasks | length'; }
is_ready() { grep -q '^ready in' "$data/up.log"; }
all_run() { [ "$(running)" = 8 ]; }
facts() { kcat -b "$kafka" -C -q -e -t cluster-events -o beginning -X isolation.level=read_committed 2>/dev/null; }

await 60 is_ready
for i in 1 2 3 4 5 6 7 8; do
    curl -sf -X POST "$api/tasks" -H 'Content-Type: application/json' -o "$data/answer" \
        -d "{\"task_id\":\"drill-$i\",\"gpus\":1,\"duration\":600,\"checkpoint_interval\":5}"
done
await 30 all_run
sleep 12 # Of work, so that there is some to lose and some to keep.
for gpu in 0 1 2 3 4 5 6 7; do
    curl -sf -X POST "$api/nodes/0/faults" -H 'Content-Type: application/json' -o "$data/answer" \
        -d "{\"kind\":\"xid\",\"xid\":79,\"gpu\":$gpu,\"duration\":60}"
done
restarted() { [ "$(facts | jq -c 'select(.event.type == "task_started" and .event.attempt > 1)' | wc -l)" -ge 8 ]; }
await 60 restarted

facts >"$data/facts.jsonl"
first=$(jq -s 'map(select(.event.type == "node_faulted").at_ms) | min' "$data/facts.jsonl")
{
    printf 'TASK\tREQUEUED\tREASON\tWORK LOST\tREQUEUES\tRUNS AGAIN\tON NODE\n'
    jq -rs --argjson first "$first" '
        . as $all
        | def of($type; $task): $all | map(select(.event.type == $type and .event.task_id == $task));
          map(select(.event.type == "task_started" and .event.attempt > 1) | .event.task_id) | unique[] as $task
        | of("task_requeued"; $task) as $requeued
        | [$task, "\($requeued[0].at_ms - $first) ms", $requeued[0].event.reason,
           "\($requeued | map(.event.lost_ms // 0) | add) ms", ($requeued | length),
           "\(of("task_started"; $task) | last.at_ms - $first) ms",
           (of("task_placed"; $task) | last.event.allocations[0].node_id)] | @tsv
    ' "$data/facts.jsonl"
} | column -t -s $'\t'
jq -rs --argjson first "$first" '
    "\(map(select(.event.type == "gpu_taken_out")) | length) GPUs out within \((map(select(.event.type == "gpu_taken_out").at_ms) | max) - $first) ms; all tasks run elsewhere \((map(select(.event.type == "task_started" and .event.attempt > 1).at_ms) | max) - $first) ms after the first fault"
' "$data/facts.jsonl"
./gpuctl describe node 0 --server "$api" | head -n 20
./gpuctl verify --kafka "$kafka"
./gpuctl log export --kafka "$kafka" -o "$data/log" >/dev/null
./gpuctl replay "$data/log"
echo "kept in $data"
