package io.gpuctl.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.Work;
import io.gpuctl.experiments.engine.Checks;
import io.gpuctl.experiments.engine.VirtualCluster;
import io.gpuctl.experiments.engine.VirtualClusterConfig;
import io.gpuctl.experiments.result.TaskOutcome;
import io.gpuctl.orchestrator.policy.Policies;
import io.gpuctl.simulator.cluster.ClusterShape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeFoldTest {
    private final List<String> allocated = new ArrayList<>();
    private final OutcomeFold fold = new OutcomeFold(0, (atMs, milli) -> allocated.add(atMs + ": " + milli));

    private final VirtualCluster cluster = new VirtualCluster(
            new VirtualClusterConfig(
                    ClusterShape.of(2, 8, "A100-SXM4-80GB"), PolicySpec.named("fifo"), null, Checks.ALL),
            Policies::create,
            fold);

    private void submit(long atMs, String id, int gpus, long durationMs) {
        TaskSpec task = TaskSpec.of(new TaskId(id), GpuRequest.whole(gpus, 0), Work.lasting(durationMs));
        cluster.submit(atMs, task.overAnyNodes());
    }

    private TaskOutcome outcome(String id) {
        return fold.outcomes().stream()
                .filter(outcome -> outcome.taskId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTaskThatWaits() {
        submit(0, "first", 16, 10_000);
        submit(1_000, "second", 4, 5_000);

        cluster.runToEnd();

        assertThat(outcome("first").nodes()).hasSize(2);
        assertThat(outcome("second").submitSeconds()).isEqualTo(1);
        assertThat(outcome("second").startSeconds()).isEqualTo(10);
        assertThat(outcome("second").endSeconds()).isEqualTo(15);
        assertThat(outcome("second").attempts()).isOne();
        assertThat(outcome("second").state()).isEqualTo(TaskState.COMPLETED);
        assertThat(allocated).containsExactly("0: 16000", "10000: 0", "10000: 4000", "15000: 0");
        assertThat(fold.wastedGpuHours()).isZero();
    }

    @Test
    void whatACancelledTaskDidIsWasted() {
        submit(0, "cancelled", 8, 7_200_000);
        cluster.cancel(3_600_000, new TaskId("cancelled"));

        cluster.runToEnd();

        assertThat(outcome("cancelled").state()).isEqualTo(TaskState.CANCELLED);
        assertThat(fold.wastedGpuHours()).isEqualTo(8);
        assertThat(fold.allocatedMilli()).isZero();
    }

    @Test
    void aTaskThatFitsNowhereIsRejected() {
        submit(0, "too-large", 17, 1_000);

        cluster.runToEnd();

        assertThat(outcome("too-large").state()).isEqualTo(TaskState.REJECTED);
        assertThat(outcome("too-large").startSeconds()).isNull();
        assertThat(outcome("too-large").endSeconds()).isZero();
    }
}
