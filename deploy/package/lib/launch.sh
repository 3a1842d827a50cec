# Sourced by the gpuctl scripts of an installed tree and of the source tree (POSIX sh): the JVM options for each command.

# Sets half to half of the memory that the processes of this control group may use, in MiB; empty if there is no limit. A group's
# limit also holds for the groups inside it, so the function reads each group from this process's own to the outermost visible.
half_of_limit_mib() {
    half=
    [ -r /proc/self/cgroup ] || return 0
    while IFS=: read -r hierarchy controllers group; do
        case $hierarchy:,$controllers, in
        0:,,) limits=/sys/fs/cgroup file=memory.max ;;
        *,memory,*) limits=/sys/fs/cgroup/memory file=memory.limit_in_bytes ;;
        *) continue ;;
        esac
        group=${group%/}
        while :; do
            limit=
            { read -r limit <"$limits$group/$file"; } 2>/dev/null || :
            case $limit in
            '' | *[!0-9]*) ;;
            *)
                mib=$((limit / 2097152))
                if [ -z "$half" ] || [ "$mib" -lt "$half" ]; then
                    half=$mib
                fi
                ;;
            esac
            [ -n "$group" ] || break
            group=${group%/*}
        done
    done </proc/self/cgroup
}

# Sets the heap to this many MiB, or to half of the memory limit of a container or a systemd unit if that is less: the other half
# is for metaspace, code, threads, direct buffers and RocksDB.
heap() {
    case ${GPUCTL_JAVA_OPTS-} in
    *MaxRAMPercentage=*)
        # -Xmx would override the user's percentage, in any order of the options.
        return 0
        ;;
    esac
    half_of_limit_mib
    if [ -n "$half" ] && [ "$half" -lt "$1" ]; then
        options="$options -Xmx${half}m"
    else
        options="$options -Xmx${1}m"
    fi
}

# Replaces this process with the JVM of JAVA_HOME, which runs the jar with the arguments.
launch() {
    jar=$1
    shift
    # RocksDB and Netty load native code and use Unsafe: without these two options JDK 25 warns on stderr.
    options="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xshare:auto"
    collector=-XX:+UseSerialGC
    case ${1-} in
    up | run | log | verify)
        # Only the owner may read the data of a cluster. log and verify start a broker on the data directory of a stopped cluster.
        umask 077
        ;;
    esac
    case ${1-} in
    up | run | replay)
        # Heap, metaspace, code cache, RocksDB and direct buffers of a whole cluster stay under 1.5 GiB.
        heap 768
        options="$options -XX:MaxDirectMemorySize=128m -XX:+ExitOnOutOfMemoryError"
        ;;
    experiment)
        # One run per processor at a time, each with a state of its own: more processors need more memory.
        collector=-XX:+UseParallelGC
        options="$options -XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError"
        ;;
    verify)
        # Holds several copies of a cluster's state, and perhaps a broker.
        heap 2048
        ;;
    chaos)
        # Holds every request of a campaign and its result.
        heap 512
        ;;
    trace)
        # Holds a whole workload.
        heap 1024
        ;;
    *)
        heap 256
        ;;
    esac
    case ${1-} in
    run | replay | experiment | verify) ;;
    *)
        # A short command must start fast and needs no peak performance. up runs a whole cluster in one process: on two cores the
        # second compiler would occupy one core for minutes, and in this time the cluster could not keep up.
        options="$options -XX:TieredStopAtLevel=1"
        ;;
    esac

    # The shell splits options at spaces, but must not expand them as file names.
    set -f
    # Java takes the home directory from the user database, a shell takes ~ from $HOME. ~/.gpuctl must mean the same directory.
    # shellcheck disable=SC2086
    exec "$JAVA_HOME/bin/java" ${HOME:+"-Duser.home=$HOME"} $options $collector ${GPUCTL_JAVA_OPTS-} -jar "$jar" "$@"
}
