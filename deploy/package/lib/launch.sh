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

# Sets nodes to the number that --nodes or GPUCTL_NODES gives, to 0 if neither does.
read_nodes() {
    nodes=${GPUCTL_NODES-}
    while [ $# -gt 0 ]; do
        case $1 in
        --nodes=*) nodes=${1#*=} ;;
        --nodes) nodes=${2-} ;;
        esac
        shift
    done
    case $nodes in
    '' | *[!0-9]* | ???????*) nodes=0 ;;
    esac
}

# Prints the number of processors that this process may use; 1 if the system does not tell.
processors() { nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1; }

# Returns whether the application in a directory has a cache that was written after its last build.
has_cache() { [ -n "$(find "$1/aot/$2.aot" -newer "$1/gpuctl.jar" 2>/dev/null)" ]; }

# Returns whether a program may ask for huge pages. If not, the JVM prints a warning when it is told to do so.
has_huge_pages() {
    { read -r modes </sys/kernel/mm/transparent_hugepage/enabled; } 2>/dev/null || return 1
    case $modes in
    *'[never]'*) return 1 ;;
    esac
}

# Sets options to the JVM's options for a command of the application in a directory.
choose_options() {
    app=$1
    # RocksDB and Netty load native code and use Unsafe: without these two options JDK 25 warns on stderr.
    options="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
    options="$options -Djava.util.logging.manager=org.jboss.logmanager.LogManager"
    collector=-XX:+UseSerialGC
    cache=client
    command=${2-}
    case "$command ${3-}" in
    # What up is compared with runs as up does.
    'bench hop') command=up ;;
    esac
    case $command in
    up | run | replay)
        # Heap, metaspace, code cache, RocksDB and direct buffers of a whole cluster stay under 1.5 GiB, up to 8,000 nodes.
        read_nodes "$@"
        heap "$((nodes > 8000 ? 768 + (nodes - 8000) / 10 : 768))"
        case ${GPUCTL_JAVA_OPTS-} in
        *-X[mn]* | *HeapSize=* | *NewSize=* | *RAMPercentage=*) ;;
        *)
            # A start fills the young generation, which then stays resident: by default, a 200th of the machine's memory. Large
            # survivor spaces keep what lives for some seconds out of the old generation, whose collection takes half a second.
            if [ -z "$half" ] || [ "$half" -ge 768 ]; then
                options="$options -Xms144m -Xmn80m -XX:SurvivorRatio=4"
            fi
            ;;
        esac
        # Gives freed memory of native code, such as the compilers', back.
        options="$options -XX:TrimNativeHeapInterval=5000"
        # When 15 % of the code cache are used, the JVM collects the whole heap: at 240 MB, in the first minute.
        options="$options -XX:ReservedCodeCacheSize=512m"
        options="$options -XX:MaxDirectMemorySize=128m -XX:+ExitOnOutOfMemoryError"
        cache=cluster
        ;;
    experiment)
        # One run per processor at a time, each with a state of its own: more processors need more memory.
        # MetaspaceSize: classes alone do not make the JVM collect the whole heap in the middle of a run.
        collector=-XX:+UseParallelGC
        options="$options -XX:MaxRAMPercentage=50 -XX:MetaspaceSize=128m -XX:+ExitOnOutOfMemoryError"
        # The JVM would let the young generation grow to gigabytes, and taking their pages costs more than collecting more often.
        half_of_limit_mib
        if [ -z "$half" ] || [ "$half" -ge 1024 ]; then
            options="$options -XX:MaxNewSize=512m"
        fi
        if has_huge_pages; then
            options="$options -XX:+UseTransparentHugePages"
        fi
        cache=experiment
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
    compilers=1
    case $command in
    run | replay | experiment | verify) compilers=2 ;;
    up)
        # The second compiler gives way to everything else. On two or three processors it is too slow then, unless it has the
        # profiles of the cache: without them, the first compiler's code is slow until the second has compiled it.
        if has_cache "$app" "$cache" || [ "$(processors)" -ge 4 ]; then
            compilers=2
        fi
        # up lowers the priority of the second compiler's threads when it starts, so all of them must exist by then.
        options="$options -XX:-UseDynamicNumberOfCompilerThreads"
        ;;
    esac
    if [ "$compilers" = 1 ]; then
        # A short command must start fast and needs no peak performance.
        options="$options -XX:TieredStopAtLevel=1"
    else
        # With a third of the usual limits of inlining, the second compiler needs a third of the time, and its code is as fast here.
        options="$options -XX:InlineSmallCode=800 -XX:FreqInlineSize=80"
    fi
    options="$options $collector"
}

# Replaces this process with the JVM of JAVA_HOME, which runs the application in a directory with the arguments.
launch() {
    choose_options "$@"
    shift
    # What train has written. The JVM ignores a cache that does not fit, such as one of another JVM or from before a new build, and
    # must say nothing about it.
    cache=$app/aot/$cache.aot
    if [ -f "$cache" ]; then
        options="$options -Xlog:aot*=off -Xlog:cds*=off"
    else
        cache=
    fi
    case ${1-} in
    up | run | log | verify)
        # Only the owner may read the data of a cluster. log and verify start a broker on the data directory of a stopped cluster.
        umask 077
        ;;
    esac
    # The shell splits options at spaces, but must not expand them as file names.
    set -f
    # Java takes the home directory from the user database, a shell takes ~ from $HOME. ~/.gpuctl must mean the same directory.
    # shellcheck disable=SC2086
    exec "$JAVA_HOME/bin/java" ${HOME:+"-Duser.home=$HOME"} $options ${cache:+"-XX:AOTCache=$cache"} ${GPUCTL_JAVA_OPTS-} \
        -jar "$app/gpuctl.jar" "$@"
}
