package io.gpuctl.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.TargetWorkload.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetWorkloadTest {
    private final List<TaskSpec> tasks = new ArrayList<>();

    private void given(int count, GpuRequest gpus, long cpuMilli, String... gpuModels) {
        for (int i = 0; i < count; i++) {
            TaskSpec task = TaskSpec.of(new TaskId("t" + tasks.size()), gpus, Work.lasting(1));
            tasks.add(new TaskSpec(
                    task.taskId(),
                    task.pool(),
                    task.user(),
                    task.priority(),
                    gpus,
                    cpuMilli,
                    i, // Memory does not affect the kind.
                    List.of(gpuModels),
                    task.maxAttempts(),
                    task.work()));
        }
    }

    @Test
    void theMostFrequentKindsThatMakeUp95PercentCount() {
        given(6, GpuRequest.NONE, 8_000);
        given(3, GpuRequest.share(500, 0), 4_000, "T4", "P100");
        given(80, GpuRequest.whole(1, 0), 4_000);
        given(11, GpuRequest.whole(8, 0), 64_000);

        assertThat(TargetWorkload.of(tasks).kinds())
                .containsExactly(
                        new Kind(4_000, 1_000, 1, List.of(), 80.0 / 97),
                        new Kind(64_000, 1_000, 8, List.of(), 11.0 / 97),
                        new Kind(8_000, 0, 0, List.of(), 6.0 / 97));
    }

    @Test
    void ofEquallyFrequentKindsThatComesFirstWhichAsksForMore() {
        given(1, GpuRequest.share(500, 0), 4_000, "A", "B");
        given(1, GpuRequest.share(500, 0), 4_000, "T4");
        given(1, GpuRequest.whole(2, 0), 4_000);
        given(1, GpuRequest.whole(1, 0), 4_000);
        given(1, GpuRequest.NONE, 16_000);

        assertThat(TargetWorkload.of(tasks).kinds())
                .containsExactly(
                        new Kind(16_000, 0, 0, List.of(), 0.2),
                        new Kind(4_000, 1_000, 2, List.of(), 0.2),
                        new Kind(4_000, 1_000, 1, List.of(), 0.2),
                        new Kind(4_000, 500, 1, List.of("T4"), 0.2),
                        new Kind(4_000, 500, 1, List.of("A", "B"), 0.2));
    }

    @Test
    void ofNoTasksThereAreNoKinds() {
        assertThat(TargetWorkload.of(List.of()).isEmpty()).isTrue();
    }

    @Test
    void refusesWhatNoTaskCanAskFor() {
        assertThatThrownBy(() -> new Kind(0, 500, 0, List.of(), 1))
                .isInstanceOfSatisfying(
                        InvalidFieldException.class,
                        e -> assertThat(e.field()).isEqualTo("policy.target_workload.gpu_milli"));
        assertThatThrownBy(() -> new Kind(0, 1_000, 1, List.of(), 1.5)).isInstanceOf(InvalidFieldException.class);
    }
}
