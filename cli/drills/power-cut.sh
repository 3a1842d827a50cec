#!/usr/bin/env bash
# Cuts the power of a cluster again and again. The cluster's data is on a file system in a file. At a random moment the script
# copies this file, which holds the data that had reached the "disk" but no data that was only in memory. The cluster continues
# from the copy: every task that was answered with 201 before the cut must be there, a new task must run to its end, and the log
# must verify. Cuts come under load; by chance a second cut follows while the cluster restarts, or the cut comes during a stop.
#
#   cli/drills/power-cut.sh [CUTS] [SPEED] [CLIENTS]
#
# Needs root (loop mounts), mkfs.ext4 and curl. All files are in a new directory in TMPDIR, which is kept after a failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

cuts=${1:-10}
speed=${2:-100}
clients=${3:-4}
port=${PORT:-8080}
server=http://127.0.0.1:$port
dir=$(mktemp -d "${TMPDIR:-/tmp}/gpuctl-power-cut.XXXXXX")
disk=$dir/disk
mounted=$dir/mounted
pid=
writers=()

fail() {
    echo "FAILED: $1; see $dir" >&2
    exit 1
}

stop_writers() {
    ((${#writers[@]} > 0)) || return 0 # wait without a process id waits for all processes
    kill "${writers[@]}" 2>/dev/null || true
    wait "${writers[@]}" 2>/dev/null || true
    writers=()
}

power_off() {
    stop_writers
    [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true
    [ -z "$pid" ] || wait "$pid" 2>/dev/null || true
    pid=
    ! mountpoint -q "$mounted" || umount "$mounted"
}
trap power_off EXIT

cut_power() {
    kill -STOP "$pid" 2>/dev/null || true # nothing changes while the disk is copied
    cp --sparse=always "$disk" "$dir/copy"
    power_off
    mv "$dir/copy" "$disk"
    mount -o loop "$disk" "$mounted"
}

up() {
    ./gpuctl up --data "$mounted/cluster" --port "$port" --speed "$speed" >"$dir/up.log" 2>&1 &
    pid=$!
}

await_ready() {
    until grep -q '^ready in' "$dir/up.log"; do
        kill -0 "$pid" 2>/dev/null || fail "up ended: $(tail -n 1 "$dir/up.log")"
        sleep 0.1
    done
}

random_pause() { # SECONDS
    sleep "$((RANDOM % $1)).$((RANDOM % 10))"
}

# Submits tasks until it is killed; records the id of each task that was answered with 201.
submit() { # PREFIX
    local answer
    for ((i = 0; ; i++)); do
        answer=$(curl -s -m 10 -o /dev/null -w '%{http_code}' -X POST "$server/tasks" -H 'Content-Type: application/json' \
            -d "{\"task_id\":\"$1-$i\",\"gpus\":$((i % 8 + 1)),\"duration\":$((20 + i % 50)),\"checkpoint_interval\":10}" || true)
        [ "$answer" != 201 ] || echo "$1-$i" >>"$dir/acknowledged"
    done
}

start_writers() { # PREFIX
    for ((client = 1; client <= clients; client++)); do
        submit "$1-client$client" &
        writers+=($!)
    done
}

await_acknowledged() { # COUNT
    until (($(wc -l <"$dir/acknowledged") >= $1)); do
        kill -0 "$pid" 2>/dev/null || fail "up ended: $(tail -n 1 "$dir/up.log")"
        sleep 0.1
    done
}

await_end() { # TASK
    local state=
    for ((n = 0; n < 600; n++)); do
        state=$(curl -s -m 10 "$server/tasks/$1" | grep -o '"state":"[a-z_]*"' | head -n 1 || true)
        [[ $state =~ completed|failed|rejected ]] && return
        sleep 0.1
    done
    fail "$1 has not ended: $state"
}

check() { # CUT
    local lost
    sort -u "$dir/expected" | sed "s|.*|url = $server/tasks/&\noutput = /dev/null|" >"$dir/urls"
    lost=$(curl -s -K "$dir/urls" -w '%{http_code} %{url}\n' | grep -vc '^200 ' || true)
    ((lost == 0)) || fail "$lost of $(wc -l <"$dir/expected") tasks that were answered with 201 are gone"
    curl -sf -X POST "$server/tasks" -H 'Content-Type: application/json' \
        -d "{\"task_id\":\"after-$1\",\"duration\":1,\"priority\":\"high\"}" >/dev/null || fail "no task is taken"
    await_end "after-$1"
    ./gpuctl verify --data "$mounted/cluster" >"$dir/verify.log" 2>&1 || fail "the log does not verify: $dir/verify.log"
}

./gpuctl --version >/dev/null # builds, if needed, before the first start
mkdir "$mounted"
truncate -s 4G "$disk"
mkfs.ext4 -q "$disk"
mount -o loop "$disk" "$mounted"
: >"$dir/acknowledged"
up
await_ready
for ((cut = 1; cut <= cuts; cut++)); do
    moment="under load"
    start_writers "cut$cut"
    await_acknowledged $(($(wc -l <"$dir/acknowledged") + 150))
    random_pause 5
    cp "$dir/acknowledged" "$dir/expected"
    case $((RANDOM % 3)) in
    0) cut_power ;;
    1)
        moment="under load, and again while it started"
        cut_power
        up
        random_pause 8
        cut_power
        ;;
    2)
        moment="while it stopped"
        stop_writers
        kill "$pid"
        random_pause 4
        cut_power
        ;;
    esac
    up
    await_ready
    check "$cut"
    echo "cut $cut of $cuts, $moment: all $(wc -l <"$dir/expected") tasks that were answered with 201 are there, and the log verifies"
done
while read -r task; do await_end "$task"; done < <(tail -n 50 "$dir/expected")
kill "$pid"
wait "$pid" || true
pid=
./gpuctl verify --data "$mounted/cluster" | tail -n 1
power_off
rm -rf "$dir"
