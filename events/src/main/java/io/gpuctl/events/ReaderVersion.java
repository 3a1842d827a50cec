package io.gpuctl.events;

/**
 * The version of a log's contents: the types of facts, and the values that their fields may have. A program must know
 * them to read the log. Each orchestrator writes its own version into the log of a pool when it takes the pool over,
 * see {@link ClusterEvent.OrchestratorStarted}; the stored state of the pool carries the version too. A program that
 * reads a higher version than its own, in any record, gets a {@link NewerLogError} and stops there.
 *
 * <table>
 * <caption>Versions</caption>
 * <tr><th>Version</th><th>What it added</th></tr>
 * <tr><td>1</td><td>Everything that was written up to the build that introduced this class. A log that names no version
 * has this one.</td></tr>
 * </table>
 *
 * <p>{@code docs/compatibility.md} says which changes need the next version.
 *
 * @param number from 1; a program of any version can read all logs of earlier versions
 */
public record ReaderVersion(int number) implements Comparable<ReaderVersion> {
    /** The version of a log that names none; this version is not written. */
    public static final ReaderVersion FIRST = new ReaderVersion(1);

    private static final ReaderVersion OF_THIS_PROGRAM = new ReaderVersion(newest());

    public ReaderVersion {
        Check.inRange("reader_version", number, 1, Integer.MAX_VALUE);
    }

    /**
     * Returns the newest version that this program can read, which is also the version that its orchestrator's facts
     * require.
     */
    public static ReaderVersion ofThisProgram() {
        return OF_THIS_PROGRAM;
    }

    /**
     * Raise this number together with the table above. It has a method of its own so that tests can replace it to get a
     * newer program.
     */
    private static int newest() {
        return 1;
    }

    /** Returns the newer of the two versions. */
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
