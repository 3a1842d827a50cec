# Sourced by mvnw and gpuctl (POSIX sh): sets and exports JAVA_HOME to an installed JDK 25 or newer. With find_java_to=run, for
# callers that compile nothing, a runtime without a compiler is enough.
# A machine's default java is often older, so the usual folders are searched before giving up.
# Versions are read from the JDK's `release` file: starting a JVM to ask would cost every command 50 ms.

required_java=25

java_feature_version() {
    version=
    if [ -r "$1/release" ]; then
        while IFS='=' read -r key value; do
            if [ "$key" = JAVA_VERSION ]; then
                version=${value#\"}
                break
            fi
        done <"$1/release"
    fi
    version=${version%%[!0-9]*}
    printf '%s' "${version:-0}"
}

is_usable_jdk() {
    [ -x "$1/bin/java" ] && { [ "${find_java_to-}" = run ] || [ -x "$1/bin/javac" ]; } &&
        [ "$(java_feature_version "$1")" -ge "$required_java" ]
}

jdk_of_java_on_path() {
    java_command=$(command -v java 2>/dev/null) || return 1
    java_command=$(readlink -f "$java_command" 2>/dev/null) || return 1
    printf '%s' "${java_command%/bin/java}"
}

find_jdk() {
    if [ -n "${JAVA_HOME-}" ] && is_usable_jdk "$JAVA_HOME"; then
        return 0
    fi
    jdk_on_path=$(jdk_of_java_on_path) || jdk_on_path=
    if [ -n "$jdk_on_path" ] && is_usable_jdk "$jdk_on_path"; then
        JAVA_HOME=$jdk_on_path
        return 0
    fi
    for candidate in /usr/lib/jvm/* /opt/* /opt/java/* "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if is_usable_jdk "$candidate"; then
            JAVA_HOME=$candidate
            return 0
        fi
    done
    return 1
}

if ! find_jdk; then
    if [ "${find_java_to-}" = run ]; then
        kind="Java runtime" package=jre
    else
        kind=JDK package=jdk
    fi
    cat >&2 <<MESSAGE
A $kind $required_java or newer is needed, and none was found: not in JAVA_HOME (${JAVA_HOME:-not set}), not as java on
the PATH, not in /usr/lib/jvm, /opt, ~/.sdkman/candidates/java, ~/.jdks or /Library/Java/JavaVirtualMachines.
Install one, for example with
    apt install openjdk-$required_java-$package-headless   (Debian, Ubuntu)
    brew install --cask temurin@$required_java        (macOS)
    sdk install java $required_java-tem               (SDKMAN)
or from https://adoptium.net, or set JAVA_HOME to the folder of one.
MESSAGE
    exit 1
fi
export JAVA_HOME
