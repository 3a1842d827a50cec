package io.gpuctl.api.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two nodes of 8 GPUs of 80 GB, and one of 4 of 40 GB. */
class NodeShapesTest {
    private final NodeShapes shapes =
            new NodeShapes(List.of(node("a", 8, 80_000), node("b", 8, 80_000), node("c", 4, 40_000)));

    @Test
    void aTaskRunsOnOneNodeUnlessItMaySpanSeveral() {
        assertThat(shapes.whyNeverFits(task(8, 80_000))).isEmpty();
        assertThat(shapes.whyNeverFits(task(9, 0)))
                .hasValueSatisfying(error -> assertThat(error.detail())
                        .isEqualTo("gpus is 9, but must be at most 8: a task runs on one node unless max_nodes says"
                                + " otherwise, and the largest node has 8 GPUs of 78.125 GiB (80000 MiB)"));
        assertThat(shapes.whyNeverFits(task(16, 0).withMaxNodes(2))).isEmpty();
        assertThat(shapes.whyNeverFits(task(20, 0).withMaxNodes(3))).isEmpty();
    }

    @Test
    void itSpansNoMoreThanItMayOrThereAre() {
        assertThat(shapes.whyNeverFits(task(17, 0).withMaxNodes(2)))
                .hasValueSatisfying(error -> assertThat(error.field()).isEqualTo("gpus"));
        assertThat(shapes.whyNeverFits(task(24, 0).withMaxNodes(9))).isPresent();
        assertThat(shapes.whyNeverFits(task(20, 50_000).withMaxNodes(3)))
                .as("the rest has not the memory")
                .isPresent();
    }

    @Test
    void namesTheMemoryIfThatIsWhatIsMissing() {
        assertThat(shapes.whyNeverFits(task(8, 90_000)))
                .hasValueSatisfying(error -> assertThat(error.field()).isEqualTo("memory_required"));
    }

    @Test
    void ofAPoolWithoutNodesNothingIsKnown() {
        assertThat(new NodeShapes(List.of()).whyNeverFits(task(64, 0))).isEmpty();
    }

    private static TaskSpec task(int gpus, long memoryMib) {
        return TaskSpec.of(new TaskId("t"), GpuRequest.whole(gpus, memoryMib), Work.lasting(1));
    }

    private static NodeInventory node(String id, int gpus, long gpuMemoryMib) {
        return new NodeInventory(
                new NodeId(id), PoolId.DEFAULT, "A100", gpus, gpuMemoryMib, 64_000, 256_000, 60, 400, 25, 85);
    }
}
