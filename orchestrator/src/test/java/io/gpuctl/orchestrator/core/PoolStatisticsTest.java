package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.FIFO;
import static io.gpuctl.orchestrator.core.PoolFixture.POOL;
import static io.gpuctl.orchestrator.core.PoolFixture.inventory;
import static io.gpuctl.orchestrator.core.PoolFixture.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Statistics of pools whose nodes have 4 GPUs and 16 cores each. */
class PoolStatisticsTest {
    private final PoolFixture pool = PoolFixture.withNodes(FIFO, "a", "b");

    private PoolStatistics statistics() {
        return PoolStatistics.of(pool.state(), _ -> 0);
    }

    private static TaskSpec withCpu(String id, int gpus, long cpuMilli) {
        return new TaskSpec(
                new TaskId(id),
                POOL,
                "u",
                Priority.NORMAL,
                GpuRequest.whole(gpus, 0),
                1,
                cpuMilli,
                0,
                List.of(),
                3,
                Work.lasting(1));
    }

    private static TaskSpec gang(String id, int gpus, int nodes) {
        return new TaskSpec(
                new TaskId(id),
                POOL,
                "u",
                Priority.HIGH,
                GpuRequest.whole(gpus, 0),
                nodes,
                0,
                0,
                List.of(),
                3,
                Work.lasting(1));
    }

    @Test
    void allIsUsableWhileNothingWaits() {
        assertThat(statistics().gpuMilliFree()).isEqualTo(8_000);
        assertThat(statistics().gpuMilliFreeUnusable()).isZero();
        assertThat(statistics().waiting()).isEmpty();
        assertThat(statistics().gpusInService()).isEqualTo(8);
    }

    @Test
    void freeGpusOnWhichNothingThatWaitsFitsAreUnusable() {
        pool.submit(task("a3", 3));
        pool.submit(task("b2", 2));
        pool.submit(task("waits", 4));

        var statistics = statistics();

        assertThat(statistics.gpuMilliFree()).isEqualTo(3_000);
        assertThat(statistics.gpuMilliFreeUnusable()).isEqualTo(3_000);
        assertThat(statistics.gpuMilliRequested()).isEqualTo(4_000);
        assertThat(statistics.waiting()).containsOnlyKeys(Code.INSUFFICIENT_GPUS);
    }

    @Test
    void aSmallerTaskBehindMakesThoseOfItsNodesUsable() {
        pool.submit(task("a3", 3));
        pool.submit(task("b2", 2));
        pool.submit(task("waits", 4));
        pool.submit(task("behind", 2)); // The order is strict: the task waits although it would fit b.

        assertThat(statistics().gpuMilliFreeUnusable()).isEqualTo(1_000);
        assertThat(statistics().waiting()).containsEntry(Code.BEHIND_IN_QUEUE, 1);
    }

    @Test
    void gpusBesideFullCoresAreUnusable() {
        pool.submit(withCpu("cores-a", 0, 16_000));
        pool.submit(withCpu("cores-b", 0, 16_000));
        pool.submit(withCpu("waits", 1, 1_000));

        assertThat(statistics().gpuMilliFree()).isEqualTo(8_000);
        assertThat(statistics().gpuMilliFreeUnusable()).isEqualTo(8_000);
    }

    @Test
    void aGangNeedsWholeNodesAndItsRestNeedsLess() {
        pool.submit(task("a3", 3));
        pool.submit(task("b2", 2));
        pool.submit(gang("gang", 6, 2)); // 4 and 2: b has room for the 2.
        assertThat(statistics().gpuMilliFree()).isEqualTo(3_000);
        assertThat(statistics().gpuMilliFreeUnusable()).isEqualTo(1_000);

        pool.submit(gang("whole", 8, 2));
        pool.cancel("gang");
        assertThat(statistics().gpuMilliFreeUnusable()).isEqualTo(3_000);
    }

    @Test
    void tellsSinceWhenEachPriorityWaits() {
        pool.submit(task("a4", 4));
        pool.submit(task("b4", 4));
        pool.submit(task("first", 1));
        pool.submit(task("second", 1));
        pool.submit(gang("urgent", 4, 1));

        var statistics = PoolStatistics.of(pool.state(), id -> switch (id.value()) {
            case "first" -> 70;
            case "second" -> 50;
            default -> 90;
        });

        assertThat(statistics.oldestSinceMs())
                .containsEntry(Priority.NORMAL, 50L)
                .containsEntry(Priority.HIGH, 90L)
                .doesNotContainKey(Priority.LOW);
    }

    @Test
    void countsALongQueueALittleAtATime() {
        pool.submit(task("a4", 4));
        pool.submit(task("b4", 4));
        for (int task = 0; task < 10; task++) {
            pool.submit(task("waits-" + task, 1));
        }
        var count = new PoolCount(pool.state());

        assertThat(count.advance(_ -> 0, 4)).isEmpty();
        pool.cancel("waits-3"); // The last task that was counted.
        assertThat(count.advance(_ -> 0, 4)).isEmpty();
        assertThat(count.advance(_ -> 0, 4))
                .hasValueSatisfying(
                        statistics -> assertThat(statistics.gpuMilliRequested()).isEqualTo(10_000));
        assertThat(statistics().gpuMilliRequested()).isEqualTo(9_000);
    }

    @Test
    void keepsTheSmallestShapesAlone() {
        Nodes nodes = pool.state().nodes();
        var shapes = new SmallestShapes(nodes);
        shapes.add(withCpu("large", 4, 8_000));
        shapes.add(withCpu("many-cores", 2, 16_000));
        shapes.add(withCpu("few-cores", 4, 1_000));

        pool.submit(withCpu("on-a", 3, 1_000));
        assertThat(shapes.anyFits(nodes.find(inventory("a", 4).nodeId()))).isFalse();
        assertThat(shapes.anyFits(nodes.find(inventory("b", 4).nodeId()))).isTrue();
    }
}
