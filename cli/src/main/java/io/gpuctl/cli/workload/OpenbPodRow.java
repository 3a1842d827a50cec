package io.gpuctl.cli.workload;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import java.nio.file.Path;
import java.util.List;

/** One line of an openb pod list. Its methods throw {@link InvalidFieldException} for a value that cannot be. */
record OpenbPodRow(List<String> values, Columns columns) {

    private static final String USER = "openb";

    /** How long a pod runs of which the list does not say: those lists record only what pods asked for. */
    private static final long UNKNOWN_DURATION_MS = 3_600_000;

    /**
     * The columns that a list has.
     *
     * @param timed whether it says when pods came and went
     */
    record Columns(List<String> names, boolean timed) {

        private static final List<String> REQUESTS = List.of("name", "cpu_milli", "memory_mib", "num_gpu", "gpu_milli");
        private static final List<String> TIMES = List.of("creation_time", "deletion_time", "scheduled_time");

        static Columns of(Path file, List<String> names) throws WorkloadFormatException {
            boolean timed = TIMES.stream().anyMatch(names::contains);
            if (!names.containsAll(REQUESTS) || (timed && !names.containsAll(TIMES))) {
                throw new WorkloadFormatException(
                        file,
                        1,
                        "the header must name the columns %s and, for arrivals and durations, %s; it names %s"
                                .formatted(
                                        String.join(",", REQUESTS),
                                        String.join(",", TIMES),
                                        names.isEmpty() ? "none" : String.join(",", names)));
            }
            return new Columns(List.copyOf(names), timed);
        }
    }

    Arrival toArrival() {
        long arrivalSeconds = columns.timed() ? number("creation_time") : 0;
        return new Arrival(arrivalSeconds * 1_000, task());
    }

    private TaskSpec task() {
        return new TaskSpec(
                new TaskId(value("name")),
                PoolId.DEFAULT,
                USER,
                Priority.NORMAL,
                gpus(),
                number("cpu_milli"),
                number("memory_mib"),
                gpuModels(),
                TaskSpec.DEFAULT_MAX_ATTEMPTS,
                Work.lasting(columns.timed() ? durationMs() : UNKNOWN_DURATION_MS));
    }

    private GpuRequest gpus() {
        int count = smallNumber("num_gpu");
        return new GpuRequest(count, count == 0 ? 0 : smallNumber("gpu_milli"), 0);
    }

    private List<String> gpuModels() {
        String spec = columns.names().contains("gpu_spec") ? value("gpu_spec") : "";
        return spec.isEmpty() ? List.of() : List.of(spec.split("\\|"));
    }

    private long durationMs() {
        String start = value("scheduled_time").isEmpty() ? "creation_time" : "scheduled_time";
        long seconds = number("deletion_time") - number(start);
        if (seconds < 0) {
            throw new InvalidFieldException(
                    "deletion_time", value("deletion_time"), "no earlier than " + start + " " + value(start));
        }
        return seconds * 1_000;
    }

    private String value(String column) {
        return values.get(columns.names().indexOf(column));
    }

    private int smallNumber(String column) {
        return Math.toIntExact(number(column, 6));
    }

    private long number(String column) {
        return number(column, 10);
    }

    private long number(String column, int digitsMax) {
        String value = value(column);
        if (!value.matches("\\d{1," + digitsMax + "}")) {
            throw new InvalidFieldException(
                    column, "'" + value + "'", "a whole number of at most " + digitsMax + " digits");
        }
        return Long.parseLong(value);
    }
}
