# Sourced by the gpuctl of an installed tree and by that of the source tree (POSIX sh): the JVM's options for each command.

# Half of the memory that the processes of this control group may have, in MiB; empty if there is no limit. A group's limit
# holds for those below it, so each is looked at, from this process's own to the outermost that can be seen.
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

# Sets the heap to that many MiB, or to half of what a container or a unit of systemd may have: the other half is for
# metaspace, code, threads, direct buffers and RocksDB, which a process needs besides.
heap() {
    case ${GPUCTL_JAVA_OPTS-} in
    *MaxRAMPercentage=*)
        # -Xmx, where it is given at all, beats a percentage wherever that stands.
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

# Becomes the JVM of JAVA_HOME that runs this jar with these arguments.
launch() {
    jar=$1
    shift
    # RocksDB and Netty load native code and use Unsafe: without these two options JDK 25 warns on stderr.
    options="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xshare:auto"
    collector=-XX:+UseSerialGC
    case ${1-} in
    up | run | log | verify)
        # What a cluster keeps is its owner's alone. log and verify start a broker on the data directory of a stopped cluster.
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
        # As many runs side by side as there are processors, each with a state of its own: more of them need more room.
        collector=-XX:+UseParallelGC
        options="$options -XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError"
        ;;
    verify)
        # Holds a cluster's state several times over, and perhaps a broker.
        heap 2048
        ;;
    chaos)
        # Holds every request of a campaign, and what became of it.
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
        # A short command: start fast, never mind the peak. And up: it is all of a cluster in one process, and on two cores
        # the second compiler takes one of them for minutes, in which the cluster cannot keep up with what it then could.
        options="$options -XX:TieredStopAtLevel=1"
        ;;
    esac

    # Options are split at spaces, and not expanded as names of files.
    set -f
    # Java takes the home directory from the user database, where a shell's ~ is $HOME. ~/.gpuctl must mean one directory.
    # shellcheck disable=SC2086
    exec "$JAVA_HOME/bin/java" ${HOME:+"-Duser.home=$HOME"} $options $collector ${GPUCTL_JAVA_OPTS-} -jar "$jar" "$@"
}
