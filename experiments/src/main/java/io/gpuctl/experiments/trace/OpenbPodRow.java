package io.gpuctl.experiments.trace;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.input.CsvRow;
import java.util.List;

/**
 * One line of an openb pod list. Its methods throw {@link InvalidFieldException} for an invalid value.
 *
 * @param specified whether the list has the GPU models of pods
 * @param timed whether the list has the times of pods
 */
record OpenbPodRow(CsvRow row, boolean specified, boolean timed) {

    private static final String USER = "openb";

    /** The run time of a pod if its list has no times: such a list records only the requests of pods. */
    private static final long UNKNOWN_DURATION_MS = 3_600_000;

    Arrival toArrival() {
        return new Arrival(timed ? row.whole("creation_time") * 1_000 : 0, task());
    }

    boolean wasScheduled() {
        return !row.text("scheduled_time").isEmpty();
    }

    private TaskSpec task() {
        return new TaskSpec(
                new TaskId(row.text("name")),
                PoolId.DEFAULT,
                USER,
                Priority.NORMAL,
                gpus(),
                row.whole("cpu_milli"),
                row.whole("memory_mib"),
                gpuModels(),
                TaskSpec.DEFAULT_MAX_ATTEMPTS,
                Work.lasting(timed ? durationMs() : UNKNOWN_DURATION_MS));
    }

    private GpuRequest gpus() {
        int count = row.count("num_gpu");
        return new GpuRequest(count, count == 0 ? 0 : row.count("gpu_milli"), 0);
    }

    private List<String> gpuModels() {
        String spec = specified ? row.text("gpu_spec") : "";
        return spec.isEmpty() ? List.of() : List.of(spec.split("\\|"));
    }

    private long durationMs() {
        String start = wasScheduled() ? "scheduled_time" : "creation_time";
        long seconds = row.whole("deletion_time") - row.whole(start);
        if (seconds < 0) {
            throw new InvalidFieldException(
                    "deletion_time", row.text("deletion_time"), "no earlier than " + start + " " + row.text(start));
        }
        return seconds * 1_000;
    }
}
