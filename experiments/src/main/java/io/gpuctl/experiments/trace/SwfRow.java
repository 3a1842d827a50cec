package io.gpuctl.experiments.trace;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.units.Decimals;
import io.gpuctl.events.units.Numbers;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A job's line in an SWF log. Its methods throw {@link InvalidFieldException} for an invalid value.
 *
 * @param values values of the {@link SwfField#COUNT} fields, in their order; further values are dropped
 */
record SwfRow(List<String> values) {

    private static final Pattern PLAIN = Pattern.compile("-?\\d{1,15}");
    private static final String UNKNOWN = "-1";

    /** Lines with these statuses describe parts of a job that a line with status 0, 1 or 5 describes as a whole. */
    private static final List<String> PARTIAL_STATUSES = List.of("2", "3", "4");

    private static final int KIB_PER_MIB = 1_024;
    private static final int DIGITS_MAX = 12;

    SwfRow {
        List<String> written = values;
        values = Arrays.stream(SwfField.values())
                .map(field -> plain(field, written.get(field.index())))
                .toList();
    }

    /** Returns the number in the plain form of the format: {@code 4} for {@code 4.0} and {@code 4e+00}. */
    private static String plain(SwfField field, String value) {
        return PLAIN.matcher(value).matches()
                ? value
                : Decimals.parse(value)
                        .orElseThrow(() -> new InvalidFieldException(
                                field.toString(), "'" + value + "'", "a number, or -1 if unknown"))
                        .stripTrailingZeros()
                        .toPlainString();
    }

    boolean knows(SwfField field) {
        return !value(field).equals(UNKNOWN);
    }

    /** Returns why the job becomes no task; empty if it becomes one. */
    Optional<String> whyLeftOut() {
        if (PARTIAL_STATUSES.contains(value(SwfField.STATUS))) {
            return Optional.of("a part of a job that another line holds as a whole (status 2, 3 or 4)");
        }
        if (!knows(SwfField.SUBMIT)) {
            return Optional.of("the submit time is unknown");
        }
        if (!knows(SwfField.RUN)) {
            return Optional.of("the run time is unknown");
        }
        return hasProcessors(SwfField.PROCESSORS_REQUESTED) || hasProcessors(SwfField.PROCESSORS)
                ? Optional.empty()
                : Optional.of("the number of processors is unknown");
    }

    /** Returns whether the field has a value that the task does not have. */
    boolean losesValueOf(SwfField field) {
        boolean isUsed = field == SwfField.PROCESSORS
                ? !hasProcessors(SwfField.PROCESSORS_REQUESTED)
                : field.whyNoCounterpart().isEmpty();
        return !isUsed && knows(field);
    }

    /** Returns the job as a task, with processors as GPUs. */
    Arrival toArrival() {
        return new Arrival(Numbers.secondsToMs(SwfField.SUBMIT.toString(), value(SwfField.SUBMIT)), task());
    }

    private TaskSpec task() {
        SwfField processorsField =
                hasProcessors(SwfField.PROCESSORS_REQUESTED) ? SwfField.PROCESSORS_REQUESTED : SwfField.PROCESSORS;
        int processors = Math.toIntExact(Numbers.whole(processorsField.toString(), value(processorsField), 6));
        return new TaskSpec(
                        new TaskId("swf-" + job()),
                        PoolId.DEFAULT,
                        user(),
                        Priority.NORMAL,
                        gpus(processorsField, processors),
                        0,
                        memoryMib(processors),
                        List.of(),
                        TaskSpec.DEFAULT_MAX_ATTEMPTS,
                        Work.lasting(Numbers.secondsToMs(SwfField.RUN.toString(), value(SwfField.RUN))))
                .overAnyNodes();
    }

    private static GpuRequest gpus(SwfField field, int processors) {
        if (processors > GpuRequest.MAX_COUNT) {
            throw new InvalidFieldException(
                    field.toString(),
                    processors,
                    "at most %d, the largest number of GPUs".formatted(GpuRequest.MAX_COUNT));
        }
        return GpuRequest.whole(processors, 0);
    }

    long job() {
        return Numbers.whole(SwfField.JOB.toString(), value(SwfField.JOB), DIGITS_MAX);
    }

    private String user() {
        return knows(SwfField.USER)
                ? "user-" + Numbers.whole(SwfField.USER.toString(), value(SwfField.USER), DIGITS_MAX)
                : TaskSpec.DEFAULT_USER;
    }

    /** Returns the memory of all processors; the log has KB per processor. */
    private long memoryMib(int processors) {
        if (!knows(SwfField.MEMORY_REQUESTED)) {
            return 0;
        }
        double kib = Numbers.decimal(SwfField.MEMORY_REQUESTED.toString(), value(SwfField.MEMORY_REQUESTED));
        return (long) Math.ceil(kib * processors / KIB_PER_MIB);
    }

    /** Returns whether the number of processors is known; 0 counts as unknown. */
    private boolean hasProcessors(SwfField field) {
        return knows(field) && Double.parseDouble(value(field)) > 0;
    }

    private String value(SwfField field) {
        return values.get(field.index());
    }
}
