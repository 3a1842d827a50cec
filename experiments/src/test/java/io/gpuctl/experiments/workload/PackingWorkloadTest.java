package io.gpuctl.experiments.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackingWorkloadTest {
    private static final BigDecimal LOAD = new BigDecimal("1.3");

    private static List<TaskSpec> pods(int count, GpuRequest gpus) {
        List<TaskSpec> pods = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pods.add(TaskSpec.of(new TaskId("pod-%03d".formatted(i)), gpus, Work.lasting(1_000)));
        }
        return pods;
    }

    private static long milli(List<TaskSpec> tasks) {
        return tasks.stream().mapToLong(PackingWorkload::milli).sum();
    }

    @Test
    void tooFewAreRepeatedUntilTheLoadIsReached() {
        List<TaskSpec> tasks = PackingWorkload.of(pods(10, GpuRequest.whole(1, 0)), LOAD, 100_000, 42);

        assertThat(milli(tasks)).isEqualTo(130_000);
        assertThat(tasks).extracting(TaskSpec::taskId).doesNotHaveDuplicates();
        assertThat(tasks).allMatch(task -> task.work().durationMs() == Work.MAX_DURATION_MS);
    }

    @Test
    void theLastMayGoBeyondTheLoadByAllItsGpusButOne() {
        // The published rule stops when one GPU of the next task would be too many.
        List<TaskSpec> tasks = PackingWorkload.of(pods(10, GpuRequest.whole(8, 0)), LOAD, 100_000, 42);

        assertThat(milli(tasks)).isEqualTo(136_000);
    }

    @Test
    void tooManyAreLeftOut() {
        List<TaskSpec> tasks = PackingWorkload.of(pods(200, GpuRequest.whole(1, 0)), LOAD, 100_000, 42);

        assertThat(milli(tasks)).isEqualTo(130_000);
    }

    @Test
    void theSeedAloneDecides() {
        List<TaskSpec> pods = pods(50, GpuRequest.share(300, 0));
        List<TaskSpec> reversed = new ArrayList<>(pods);
        Collections.reverse(reversed);

        List<TaskSpec> tasks = PackingWorkload.of(pods, LOAD, 20_000, 1);

        assertThat(PackingWorkload.of(reversed, LOAD, 20_000, 1)).isEqualTo(tasks);
        assertThat(PackingWorkload.of(pods, LOAD, 20_000, 2)).isNotEqualTo(tasks);
    }

    @Test
    void podsWithoutGpusNeverReachALoad() {
        assertThatThrownBy(() -> PackingWorkload.of(pods(3, GpuRequest.NONE), LOAD, 1_000, 1))
                .hasMessage("No pod asks for GPUs");
    }
}
