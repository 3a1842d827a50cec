package io.gpuctl.api.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.gpuctl.api.problem.FieldError;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two nodes with 8 GPUs of 80 GB each, and one node with 4 GPUs of 40 GB. */
class KnownNodesTest {
    private final KnownNodes nodes =
            new KnownNodes(List.of(node("a", 8, 80_000), node("b", 8, 80_000), node("c", 4, 40_000)));

    @Test
    void aTaskRunsOnOneNodeUnlessItMaySpanSeveral() {
        assertThat(nodes.whyNeverFits(task(8, 80_000))).isEmpty();
        assertThat(nodes.whyNeverFits(task(9, 0)))
                .singleElement()
                .satisfies(error -> assertThat(error.detail())
                        .isEqualTo("gpus is 9, but must be at most 8: a task runs on one node unless max_nodes is"
                                + " greater; the largest node has 8 GPUs of 78.125 GiB (80000 MiB); with"
                                + " allow_unknown, the task waits for a node that can run it"));
        assertThat(nodes.whyNeverFits(task(16, 0).withMaxNodes(2))).isEmpty();
        assertThat(nodes.whyNeverFits(task(20, 0).withMaxNodes(3))).isEmpty();
    }

    @Test
    void itSpansNoMoreThanItMayOrThereAre() {
        assertThat(nodes.whyNeverFits(task(17, 0).withMaxNodes(2)))
                .singleElement()
                .satisfies(error -> assertThat(error.field()).isEqualTo("gpus"));
        assertThat(nodes.whyNeverFits(task(24, 0).withMaxNodes(9))).hasSize(1);
        assertThat(nodes.whyNeverFits(task(20, 50_000).withMaxNodes(3)))
                .as("the rest has not the memory")
                .hasSize(1);
    }

    @Test
    void namesTheMemoryIfThatIsWhatIsMissing() {
        assertThat(nodes.whyNeverFits(task(8, 90_000)))
                .singleElement()
                .satisfies(error -> assertThat(error.field()).isEqualTo("memory_required"));
    }

    @Test
    void namesTheCpuMemoryAndModelThatNoNodeHas() {
        assertThat(nodes.whyNeverFits(asking(64_001, 256_001, List.of("H100", "B200"))))
                .extracting(FieldError::field, FieldError::allowed)
                .containsExactly(
                        tuple("gpu_models", "of A100"),
                        tuple("cpu_milli", "at most 64000"),
                        tuple("memory_mib", "at most 256000"));
        assertThat(nodes.whyNeverFits(asking(64_000, 256_000, List.of("H100", "A100"))))
                .isEmpty();
    }

    @Test
    void givesTheReasonForWhichTheSchedulerWouldRejectTheTask() {
        assertThat(nodes.reason(task(8, 90_000))).isEqualTo(Code.INSUFFICIENT_GPU_MEMORY);
        assertThat(nodes.reason(task(9, 0))).isEqualTo(Code.INSUFFICIENT_GPUS);
        assertThat(nodes.reason(asking(64_001, 0, List.of()))).isEqualTo(Code.INSUFFICIENT_CPU);
        assertThat(nodes.reason(asking(0, 256_001, List.of()))).isEqualTo(Code.INSUFFICIENT_MEMORY);
        assertThat(nodes.reason(asking(0, 0, List.of("H100")))).isEqualTo(Code.GPU_MODEL_MISMATCH);
        assertThat(nodes.reason(task(8, 80_000))).isNull();
    }

    @Test
    void spreadsTheCpuOfAGangOverItsNodes() {
        assertThat(nodes.whyNeverFits(gang(16, 2, 128_000))).isEmpty();
        assertThat(nodes.whyNeverFits(gang(16, 2, 128_002)))
                .singleElement()
                .satisfies(error -> assertThat(error.field()).isEqualTo("cpu_milli"));
    }

    @Test
    void saysThatNoNodeHasAllOfIt() {
        var mixed = new KnownNodes(List.of(node("a", 8, 80_000), node("c", 2, 140_000)));

        assertThat(new KnownNodes(List.of(node("a", 8, 80_000), cpuNode("b", 200_000)))
                        .whyNeverFits(asking(128_000, 0, List.of())))
                .singleElement()
                .satisfies(error -> assertThat(error.detail()).contains("no node meets all of them"));
        assertThat(mixed.whyNeverFits(task(8, 140_000)))
                .singleElement()
                .satisfies(error -> assertThat(error.allowed()).isEqualTo("at most 78.125 GiB (80000 MiB)"));
    }

    @Test
    void namesThePoolsIfItsOwnHasNoNodes() {
        var elsewhere = new TaskSpec(
                new TaskId("t"),
                new PoolId("gpu"),
                "anonymous",
                Priority.NORMAL,
                GpuRequest.whole(1, 0),
                0,
                0,
                List.of(),
                1,
                Work.lasting(1));

        assertThat(nodes.whyNeverFits(elsewhere))
                .singleElement()
                .satisfies(error -> assertThat(error.detail())
                        .isEqualTo(
                                "pool is \"gpu\", but must be one of default: no other pool has nodes; with allow_unknown,"
                                        + " the task waits for a node that can run it"));
    }

    @Test
    void ofAPoolWithoutNodesNothingIsKnown() {
        assertThat(new KnownNodes(List.of()).whyNeverFits(task(64, 0))).isEmpty();
    }

    private static TaskSpec task(int gpus, long memoryMib) {
        return TaskSpec.of(new TaskId("t"), GpuRequest.whole(gpus, memoryMib), Work.lasting(1));
    }

    private static TaskSpec asking(long cpuMilli, long memoryMib, List<String> models) {
        return asking(GpuRequest.whole(1, 0), 1, cpuMilli, memoryMib, models);
    }

    private static TaskSpec gang(int gpus, int maxNodes, long cpuMilli) {
        return asking(GpuRequest.whole(gpus, 0), maxNodes, cpuMilli, 0, List.of());
    }

    private static TaskSpec asking(GpuRequest gpus, int maxNodes, long cpuMilli, long memoryMib, List<String> models) {
        return new TaskSpec(
                new TaskId("t"),
                PoolId.DEFAULT,
                "anonymous",
                Priority.NORMAL,
                gpus,
                maxNodes,
                cpuMilli,
                memoryMib,
                models,
                1,
                Work.lasting(1));
    }

    private static NodeInventory cpuNode(String id, long cpuMilli) {
        return new NodeInventory(new NodeId(id), PoolId.DEFAULT, "", 0, 0, cpuMilli, 256_000, 60, 400, 25, 85);
    }

    private static NodeInventory node(String id, int gpus, long gpuMemoryMib) {
        return new NodeInventory(
                new NodeId(id), PoolId.DEFAULT, "A100", gpus, gpuMemoryMib, 64_000, 256_000, 60, 400, 25, 85);
    }
}
