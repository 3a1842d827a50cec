package io.gpuctl.events;

/**
 * What a program must know to read a log: which types of facts there are, and which values their fields may have. Each
 * orchestrator writes its own version into the log of a pool when it takes the pool over, see {@link
 * ClusterEvent.OrchestratorStarted}; what is stored of the pool carries the version on. A program that reads a higher version
 * than its own, in whatever record, gets a {@link NewerLogError} and stops there.
 *
 * <table>
 * <caption>Versions</caption>
 * <tr><th>Version</th><th>What it added</th></tr>
 * <tr><td>1</td><td>All that was written up to the build that brought this class. A log that names no version has this
 * one.</td></tr>
 * </table>
 *
 * <p>{@code docs/compatibility.md} says which changes need the next version.
 *
 * @param number from 1; each version can read all logs of the versions before it
 */
public record ReaderVersion(int number) implements Comparable<ReaderVersion> {
    /** Of a log that names no version; it is not written. */
    public static final ReaderVersion FIRST = new ReaderVersion(1);

    private static final ReaderVersion OF_THIS_PROGRAM = new ReaderVersion(newest());

    public ReaderVersion {
        Check.inRange("reader_version", number, 1, Integer.MAX_VALUE);
    }

    /** What this program can read, and what its orchestrator needs of others. */
    public static ReaderVersion ofThisProgram() {
        return OF_THIS_PROGRAM;
    }

    /** To be raised together with the table above. A method of its own, which tests replace to get a newer program. */
    private static int newest() {
        return 1;
    }

    /** This version, or the other one if that is newer. */
    public ReaderVersion orNewer(ReaderVersion other) {
        return compareTo(other) >= 0 ? this : other;
    }

    @Override
    public int compareTo(ReaderVersion other) {
        return Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Integer.toString(number);
    }
}
