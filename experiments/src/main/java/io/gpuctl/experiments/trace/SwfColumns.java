package io.gpuctl.experiments.trace;

import java.io.Serial;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The columns of a log: the 18 of the format, and perhaps more after them. Some programs write a line of column names
 * above the jobs.
 *
 * @param names the column names of the log; "field 19" and so on if the log has none
 */
record SwfColumns(List<String> names) {

    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_.()-]*");

    /** Names that programs give to the columns that a task needs. */
    private static final Map<String, SwfField> KNOWN = Map.ofEntries(
            Map.entry("submit", SwfField.SUBMIT),
            Map.entry("submit_time", SwfField.SUBMIT),
            Map.entry("submission_time", SwfField.SUBMIT),
            Map.entry("runtime", SwfField.RUN),
            Map.entry("run_time", SwfField.RUN),
            Map.entry("execution_time", SwfField.RUN),
            Map.entry("cpus", SwfField.PROCESSORS),
            Map.entry("proc_alloc", SwfField.PROCESSORS),
            Map.entry("cpusreq", SwfField.PROCESSORS_REQUESTED),
            Map.entry("proc_req", SwfField.PROCESSORS_REQUESTED),
            Map.entry("memreq", SwfField.MEMORY_REQUESTED),
            Map.entry("mem_req", SwfField.MEMORY_REQUESTED),
            Map.entry("status", SwfField.STATUS),
            Map.entry("user", SwfField.USER),
            Map.entry("user_id", SwfField.USER),
            Map.entry("uid", SwfField.USER));

    static List<String> split(String line) {
        return Arrays.asList(SPACE.split(line.strip()));
    }

    /** Returns whether a line that is no comment is a header of column names. */
    static boolean isHeader(String line) {
        List<String> words = split(line);
        return words.size() >= SwfField.COUNT
                && words.stream().allMatch(word -> WORD.matcher(word).matches());
    }

    /** Returns whether a line describes a job. */
    static boolean isJob(String line) {
        List<String> values = split(line);
        return values.size() >= SwfField.COUNT
                && values.stream().limit(SwfField.COUNT).allMatch(value -> value.matches("[-+.0-9eE]+"));
    }

    /** Returns the columns that a header names. */
    static SwfColumns named(String line) throws OtherOrderException {
        List<String> names = split(line);
        for (int i = 0; i < names.size(); i++) {
            SwfField field = KNOWN.get(names.get(i).toLowerCase(Locale.ROOT));
            if (field != null && field.index() != i) {
                throw new OtherOrderException(
                        "the header has the column %s at position %d, but it must be at position %d, as %s"
                                .formatted(names.get(i), i + 1, field.index() + 1, field));
            }
        }
        return new SwfColumns(names);
    }

    /** Returns the columns of a log without a header, whose first job has {@code count} values. */
    static SwfColumns numbered(int count) {
        return new SwfColumns(IntStream.rangeClosed(1, count)
                .mapToObj(number -> "field " + number)
                .toList());
    }

    /** A header names columns in another order than the format's. */
    static final class OtherOrderException extends Exception {

        @Serial
        private static final long serialVersionUID = 1L;

        OtherOrderException(String problem) {
            super(problem);
        }
    }
}
