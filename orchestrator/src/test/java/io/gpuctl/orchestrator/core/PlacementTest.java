package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.FIFO;
import static io.gpuctl.orchestrator.core.PoolFixture.INCARNATION;
import static io.gpuctl.orchestrator.core.PoolFixture.INTELLIGENT;
import static io.gpuctl.orchestrator.core.PoolFixture.POOL;
import static io.gpuctl.orchestrator.core.PoolFixture.attempt;
import static io.gpuctl.orchestrator.core.PoolFixture.inventory;
import static io.gpuctl.orchestrator.core.PoolFixture.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.ClusterEvent.PendingReasonChanged;
import io.gpuctl.events.ClusterEvent.TaskCompleted;
import io.gpuctl.events.ClusterEvent.TaskPlaced;
import io.gpuctl.events.ClusterEvent.TaskRejected;
import io.gpuctl.events.ClusterEvent.TaskStarted;
import io.gpuctl.events.ClusterEvent.TaskSubmitted;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.Work;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementTest {
    @Test
    void aTaskThatFitsIsPlacedAtOnceAndItsNodeTold() {
        var pool = PoolFixture.withNodes(FIFO, "a", "b");
        TaskSpec task = task("t", GpuRequest.whole(2, 10_000));
        var allocation = new Allocation(new NodeId("a"), INCARNATION, List.of(0, 1), 1_000, 10_000, 0, 0);

        assertThat(pool.submit(task))
                .containsExactly(
                        new TaskSubmitted(task),
                        new TaskPlaced(new TaskId("t"), 1, List.of(allocation), Collections.emptySortedMap()));
        assertThat(pool.commands)
                .containsExactly(new StartAttempt(POOL, attempt("t", 1), allocation, task.work(), 0, pool.nowMs()));
    }

    @Test
    void runsAndCompletesAsItsNodeReports() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t", 4));

        assertThat(pool.started("a", attempt("t", 1))).containsExactly(new TaskStarted(new TaskId("t"), 1));
        assertThat(pool.completed("a", attempt("t", 1))).containsExactly(new TaskCompleted(new TaskId("t"), 1, 0));
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.COMPLETED);
        assertThat(pool.heldOn("a")).isZero();
    }

    @Test
    void aCompletionThatOvertakesTheStartTellsBoth() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t", 1));

        assertThat(pool.completed("a", attempt("t", 1)))
                .containsExactly(new TaskStarted(new TaskId("t"), 1), new TaskCompleted(new TaskId("t"), 1, 0));
    }

    @Test
    void theSecondSubmissionOfAnIdChangesNothing() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t", 1));

        assertThat(pool.submit(task("t", 1))).isEmpty();
        assertThat(pool.submit(task("t", 2))).isEmpty();
    }

    @Test
    void theIdOfAFinishedTaskIsNotAcceptedAgain() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t", 1));
        pool.completed("a", attempt("t", 1));

        assertThat(pool.submit(task("t", 1))).isEmpty();
    }

    @Test
    void whatCanNeverFitIsRejectedWithTheReasonOfEachNode() {
        var pool = PoolFixture.withNodes(FIFO, "a", "b");
        pool.register(inventory("c", 0), INCARNATION);
        TaskSpec task = task("t", GpuRequest.whole(1, 90_000));

        assertThat(pool.submit(task))
                .containsExactly(new TaskRejected(
                        task,
                        new PendingReason(
                                Code.INSUFFICIENT_GPU_MEMORY,
                                Map.of(Code.INSUFFICIENT_GPU_MEMORY, 2, Code.INSUFFICIENT_GPUS, 1))));
        assertThat(pool.submit(task)).as("the rejected id is known").isEmpty();
    }

    @Test
    void aNodeThatIsOnlyFullOrAwayIsNoReasonToReject() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t", 4));
        pool.shutDown("a");

        assertThat(pool.submit(task("u", 4))).contains(new TaskSubmitted(task("u", 4)));
    }

    @Test
    void withoutNodesATaskWaitsForThem() {
        var pool = new PoolFixture(FIFO);
        pool.submit(task("t", 1));
        assertThat(pool.reasonOf("t")).isEqualTo(PendingReason.of(Code.NO_NODES));

        pool.register("a");

        assertThat(pool.stateOf("t")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void shareOfAGpuIsFilledUpBeforeTheNext() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        for (String id : List.of("t", "u", "v")) {
            pool.submit(task(id, GpuRequest.share(400, 30_000)));
        }

        assertThat(List.of(pool.gpusOf("t"), pool.gpusOf("u"), pool.gpusOf("v")))
                .containsExactly(List.of(0), List.of(0), List.of(1));
    }

    @Test
    void memoryOfAGpuIsSharedOutToo() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t", GpuRequest.share(100, 60_000)));
        pool.submit(task("u", GpuRequest.share(100, 60_000)));
        pool.submit(task("v", GpuRequest.share(100, 20_000)));

        assertThat(List.of(pool.gpusOf("t"), pool.gpusOf("u"), pool.gpusOf("v")))
                .containsExactly(List.of(0), List.of(1), List.of(0));
    }

    @Test
    void aTaskWithoutGpusNeedsOnlyCpuAndMemory() {
        var pool = PoolFixture.withNodes(FIFO, "a", "b");
        pool.submit(task("full", 4));
        pool.submit(cpuTask("t", 16_000, 1_000));
        pool.submit(cpuTask("u", 1_000, 64_000));

        assertThat(List.of(pool.nodeOf("t"), pool.nodeOf("u"))).containsExactly("a", "b");
        assertThat(pool.gpusOf("t")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "intelligent"})
    void aTaskWaitsWithTheNumberOfNodesThatEachReasonRuledOut(String policy) {
        var pool = PoolFixture.withNodes(policy.equals("fifo") ? FIFO : INTELLIGENT, "a", "b", "c", "d", "e");
        pool.register(inventory("cpu", 0), INCARNATION);
        pool.shutDown("e");
        for (String id : List.of("t1", "t2", "t3", "t4")) {
            pool.submit(new TaskSpec(
                    new TaskId(id),
                    POOL,
                    "u",
                    Priority.NORMAL,
                    GpuRequest.whole(4, 0),
                    0,
                    0,
                    List.of(),
                    1,
                    Work.lasting(1)));
        }
        pool.submit(task("t", GpuRequest.whole(2, 0)));

        assertThat(pool.reasonOf("t"))
                .isEqualTo(new PendingReason(
                        Code.INSUFFICIENT_GPUS, Map.of(Code.INSUFFICIENT_GPUS, 5, Code.NODE_NOT_READY, 1)));
    }

    @Test
    void tellsWhenTheGpusWithRoomHaveTooLittleMemory() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        for (int i = 0; i < 4; i++) {
            pool.submit(task("t" + i, GpuRequest.share(100, 50_000)));
        }

        pool.submit(task("u", GpuRequest.share(100, 50_000)));

        assertThat(pool.reasonOf("u"))
                .isEqualTo(new PendingReason(Code.INSUFFICIENT_GPU_MEMORY, Map.of(Code.INSUFFICIENT_GPU_MEMORY, 1)));
    }

    @Test
    void theReasonIsAnotherOnceTheNodesAreAway() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t", 4));
        pool.submit(task("u", 4));
        assertThat(pool.reasonOf("u").code()).isEqualTo(Code.INSUFFICIENT_GPUS);

        pool.tick(6_000);

        assertThat(pool.reasonOf("u"))
                .isEqualTo(new PendingReason(Code.NODE_NOT_READY, Map.of(Code.NODE_NOT_READY, 1)));
    }

    @Test
    void inStrictOrderNothingRunsAheadOfTheHead() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t1", 3));
        pool.submit(task("t2", 3));

        assertThat(pool.submit(task("t3", 1)))
                .containsExactly(
                        new TaskSubmitted(task("t3", 1)),
                        new PendingReasonChanged(new TaskId("t3"), PendingReason.of(Code.BEHIND_IN_QUEUE)));
        assertThat(pool.completed("a", attempt("t1", 1)))
                .filteredOn(TaskPlaced.class::isInstance)
                .extracting(event -> ((TaskPlaced) event).taskId().value())
                .containsExactly("t2", "t3");
    }

    @Test
    void theNextHeadTellsItsOwnReason() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t1", 3));
        pool.submit(task("t2", 4));
        pool.submit(task("t3", 2));

        pool.cancel("t2");

        assertThat(pool.reasonOf("t3").code()).isEqualTo(Code.INSUFFICIENT_GPUS);
    }

    @Test
    void aMoreUrgentTaskIsBeforeThoseThatWait() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t1", 4));
        pool.submit(task("t2", 4));
        pool.submit(new TaskSpec(
                new TaskId("urgent"),
                POOL,
                "u",
                Priority.HIGH,
                GpuRequest.whole(4, 0),
                0,
                0,
                List.of(),
                1,
                Work.lasting(1)));
        assertThat(pool.reasonOf("t2").code()).isEqualTo(Code.BEHIND_IN_QUEUE);

        pool.completed("a", attempt("t1", 1));

        assertThat(pool.stateOf("urgent")).isEqualTo(TaskState.PLACED);
        assertThat(pool.stateOf("t2")).isEqualTo(TaskState.QUEUED);
    }

    @Test
    void ifTheOrderIsNotStrictWhatFitsRunsAhead() {
        var pool = PoolFixture.withNodes(INTELLIGENT, "a");
        pool.submit(task("t1", 3));
        pool.submit(task("t2", 3));
        pool.submit(task("t3", 1));

        assertThat(pool.stateOf("t2")).isEqualTo(TaskState.QUEUED);
        assertThat(pool.stateOf("t3")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void aGpuModelThatIsAskedForIsTheOneThatIsGiven() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        TaskSpec wantsAnother = withModels("t", "H100");
        TaskSpec wantsThis = withModels("u", "H100", "A100");

        assertThat(pool.submit(wantsAnother))
                .containsExactly(new TaskRejected(
                        wantsAnother, new PendingReason(Code.GPU_MODEL_MISMATCH, Map.of(Code.GPU_MODEL_MISMATCH, 1))));
        pool.submit(wantsThis);
        assertThat(pool.stateOf("u")).isEqualTo(TaskState.PLACED);
    }

    private static TaskSpec withModels(String id, String... models) {
        return new TaskSpec(
                new TaskId(id),
                POOL,
                "u",
                Priority.NORMAL,
                GpuRequest.whole(1, 0),
                0,
                0,
                List.of(models),
                1,
                Work.lasting(1));
    }

    private static TaskSpec cpuTask(String id, long cpuMilli, long memoryMib) {
        return new TaskSpec(
                new TaskId(id),
                POOL,
                "u",
                Priority.NORMAL,
                GpuRequest.NONE,
                cpuMilli,
                memoryMib,
                List.of(),
                1,
                Work.lasting(1));
    }
}
