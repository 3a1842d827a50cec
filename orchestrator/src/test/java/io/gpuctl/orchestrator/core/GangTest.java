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
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.ClusterEvent.AllocationReleased;
import io.gpuctl.events.ClusterEvent.MemberCheckpointed;
import io.gpuctl.events.ClusterEvent.MemberEnded;
import io.gpuctl.events.ClusterEvent.MemberStarted;
import io.gpuctl.events.ClusterEvent.NodeLost;
import io.gpuctl.events.ClusterEvent.NodeRecovered;
import io.gpuctl.events.ClusterEvent.NodeShutDown;
import io.gpuctl.events.ClusterEvent.PreemptRequested;
import io.gpuctl.events.ClusterEvent.StrayStopped;
import io.gpuctl.events.ClusterEvent.TaskCancelled;
import io.gpuctl.events.ClusterEvent.TaskCheckpointed;
import io.gpuctl.events.ClusterEvent.TaskCompleted;
import io.gpuctl.events.ClusterEvent.TaskPlaced;
import io.gpuctl.events.ClusterEvent.TaskRejected;
import io.gpuctl.events.ClusterEvent.TaskRequeued;
import io.gpuctl.events.ClusterEvent.TaskStarted;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeCommand.StopAttempt;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.Work;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gangs on several nodes with 4 GPUs each. */
class GangTest {
    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");
    private static final TaskId G = new TaskId("g");

    private final PoolFixture pool = PoolFixture.withNodes(FIFO, "a", "b");

    @Test
    void isPlacedInOneFactOnEmptyNodesAndItsRestOnAnother() {
        TaskSpec gang = new TaskSpec(
                G, POOL, "u", Priority.NORMAL, GpuRequest.whole(6, 100), 2, 10_000, 999, List.of(), 3, Work.lasting(1));

        assertThat(pool.submit(gang))
                .last()
                .isEqualTo(new TaskPlaced(
                        G,
                        1,
                        List.of(
                                new Allocation(A, INCARNATION, List.of(0, 1, 2, 3), 1_000, 100, 6_667, 666),
                                new Allocation(B, INCARNATION, List.of(0, 1), 1_000, 100, 3_334, 333)),
                        Collections.emptySortedMap()));
        assertThat(pool.commands)
                .hasOnlyElementsOfType(StartAttempt.class)
                .extracting(NodeCommand::nodeId)
                .containsExactly(A, B);
    }

    @Test
    void spansNoNodesUnlessItMay() {
        assertThat(pool.submit(task("g", 6))).singleElement().isInstanceOf(TaskRejected.class);
        assertThat(pool.submit(task("h", 12).withMaxNodes(3)))
                .as("nor more than there are")
                .singleElement()
                .isInstanceOf(TaskRejected.class);
    }

    @Test
    void spansNoNodesIfOneCouldHoldIt() {
        pool.submit(task("t", 1));
        pool.register(inventory("c", 8), INCARNATION);
        pool.submit(task("u", 8));

        pool.submit(gang(6));

        assertThat(pool.stateOf("g")).isEqualTo(TaskState.QUEUED);
        pool.completed("c", attempt("u", 1));
        assertThat(pool.nodeOf("g")).isEqualTo("c");
    }

    @Test
    void waitsForEmptyNodes() {
        pool.submit(task("t", 1));
        pool.submit(task("u", 4));
        pool.submit(gang(6));
        assertThat(pool.reasonOf("g").code()).isEqualTo(Code.INSUFFICIENT_GPUS);

        pool.completed("b", attempt("u", 1));

        assertThat(pool.state().task(G).allocations())
                .extracting(Allocation::nodeId)
                .containsExactly(B, A);
    }

    @Test
    void everyPlacementLaysItAlike() {
        var intelligent = PoolFixture.withNodes(INTELLIGENT, "a", "b");

        intelligent.submit(gang(6));

        assertThat(intelligent.stateOf("g")).isEqualTo(TaskState.PLACED);
        assertThat(intelligent.orchestrator().explain(gang(6))).hasSize(2);
    }

    @Test
    void hasStartedWhenAllItsNodesHave() {
        pool.submit(gang(6));

        assertThat(pool.started("b", attempt("g", 1))).containsExactly(new MemberStarted(G, 1, B));
        assertThat(pool.started("b", attempt("g", 1))).isEmpty();
        assertThat(pool.stateOf("g")).isEqualTo(TaskState.PLACED);
        assertThat(pool.started("a", attempt("g", 1)))
                .containsExactly(new MemberStarted(G, 1, A), new TaskStarted(G, 1));
    }

    @Test
    void hasCompletedWhenAllItsNodesHaveAndHoldsItsGpusUntilThen() {
        run(gang(6));

        assertThat(pool.completed("b", attempt("g", 1))).containsExactly(new MemberEnded(G, 1, B, true, 60_000, 0));
        assertThat(pool.heldOn("b")).isOne();
        assertThat(pool.completed("a", attempt("g", 1)))
                .containsExactly(new MemberEnded(G, 1, A, true, 60_000, 0), new TaskCompleted(G, 1, 0));
        assertThat(pool.heldOn("a") + pool.heldOn("b")).isZero();
    }

    @Test
    void aNodeMayCompleteBeforeAnotherStarts() {
        pool.submit(gang(6));

        assertThat(pool.completed("b", attempt("g", 1)))
                .containsExactly(new MemberStarted(G, 1, B), new MemberEnded(G, 1, B, true, 60_000, 0));
        assertThat(pool.completed("a", attempt("g", 1)))
                .containsExactly(
                        new MemberStarted(G, 1, A),
                        new TaskStarted(G, 1),
                        new MemberEnded(G, 1, A, true, 60_000, 0),
                        new TaskCompleted(G, 1, 0));
    }

    @Test
    void aNodeThatHasDoneItsPartIsNotMissed() {
        run(gang(6));
        pool.completed("b", attempt("g", 1));

        for (int i = 0; i < 30; i++) {
            assertThat(pool.heartbeat("a", attempt("g", 1))).isEmpty();
            assertThat(pool.heartbeat("b")).isEmpty();
            assertThat(pool.tick(1_000)).isEmpty();
        }
    }

    @Test
    void hasSavedWhatAllItsNodesHave() {
        run(gang(6));

        assertThat(checkpointed("a", 20_000)).containsExactly(new MemberCheckpointed(G, 1, A, 20_000));
        assertThat(checkpointed("b", 15_000))
                .containsExactly(new MemberCheckpointed(G, 1, B, 15_000), new TaskCheckpointed(G, 1, 15_000));
        assertThat(checkpointed("b", 15_000)).isEmpty();
        assertThat(pool.state().task(G).progressMs()).isEqualTo(15_000);
    }

    @Test
    void failsWithTheFirstOfItsNodesAndTheOthersStop() {
        run(gang(6));

        assertThat(pool.failed("b", attempt("g", 1)))
                .containsExactly(
                        new MemberEnded(G, 1, B, false, 0, 0),
                        new TaskRequeued(
                                G, 1, EndReason.TASK_FAILED, "exit code 1: out of memory", pool.nowMs() + 1_000, 0, 0),
                        new StrayStopped(A, INCARNATION, attempt("g", 1)));
        assertThat(pool.commands).containsExactly(new StopAttempt(POOL, A, INCARNATION, attempt("g", 1), pool.nowMs()));
    }

    @Test
    void itsGpusAreGivenToNobodyBeforeTheirNodeHasAnswered() {
        run(gang(6));
        pool.failed("b", attempt("g", 1));
        pool.submit(task("t", 4));
        pool.submit(task("u", 4));

        assertThat(pool.nodeOf("t")).isEqualTo("b");
        assertThat(pool.stateOf("u")).isEqualTo(TaskState.QUEUED);
        assertThat(pool.stopped("a", attempt("g", 1)))
                .startsWith(new AllocationReleased(A, attempt("g", 1), 0))
                .hasAtLeastOneElementOfType(TaskPlaced.class);
    }

    @Test
    void whatAnOldNodeSaysLaterChangesNothingElse() {
        run(gang(6));
        pool.failed("b", attempt("g", 1));
        pool.tick(1_000);

        assertThat(pool.started("a", attempt("g", 1))).isEmpty();
        assertThat(pool.failed("b", attempt("g", 1))).isEmpty();
        assertThat(pool.completed("a", attempt("g", 1))).contains(new AllocationReleased(A, attempt("g", 1), 0));
        assertThat(pool.state().task(G).currentAttempt()).isEqualTo(attempt("g", 2));
    }

    @Test
    void endsWithTheFirstOfItsNodesThatIsLost() {
        run(gang(6));

        List<ClusterEvent> events = pool.beats("a", 10, attempt("g", 1));

        assertThat(events)
                .containsSequence(
                        new NodeLost(B),
                        new TaskRequeued(G, 1, EndReason.NODE_LOST, "node b fell silent", pool.nowMs(), 0, 0),
                        new StrayStopped(A, INCARNATION, attempt("g", 1)));
        assertThat(pool.heldOn("a") + pool.heldOn("b")).isEqualTo(2);
        assertThat(pool.stopped("a", attempt("g", 1))).startsWith(new AllocationReleased(A, attempt("g", 1), 0));
        assertThat(pool.heartbeat("b"))
                .startsWith(new NodeRecovered(B), new StrayStopped(B, INCARNATION, attempt("g", 1)));
        assertThat(pool.stopped("b", attempt("g", 1))).startsWith(new AllocationReleased(B, attempt("g", 1), 0));
        assertThat(pool.stateOf("g")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void endsAlsoIfTheLostNodeHadDoneItsPartWhichIsFree() {
        run(gang(6));
        pool.completed("b", attempt("g", 1));

        pool.beats("a", 10, attempt("g", 1));

        assertThat(pool.stateOf("g")).isEqualTo(TaskState.QUEUED);
        assertThat(pool.heldOn("b")).isZero();
        assertThat(pool.heldOn("a")).isOne();
    }

    @Test
    void endsWithTheFirstOfItsNodesThatStartsAnewOrShutsDown() {
        run(gang(6));
        assertThat(pool.register(inventory("b", 4), INCARNATION + 1))
                .contains(
                        new TaskRequeued(G, 1, EndReason.NODE_RESTARTED, "node b restarted", pool.nowMs(), 0, 0),
                        new StrayStopped(A, INCARNATION, attempt("g", 1)));
        pool.stopped("a", attempt("g", 1));
        assertThat(pool.state().task(G).currentAttempt()).isEqualTo(attempt("g", 2));

        assertThat(pool.shutDown("a"))
                .startsWith(
                        new NodeShutDown(A),
                        new TaskRequeued(G, 2, EndReason.NODE_SHUT_DOWN, "node a shut down", pool.nowMs(), 0, 0),
                        new StrayStopped(B, INCARNATION + 1, attempt("g", 2)));
    }

    @Test
    void endsIfOneOfItsNodesDoesNotRunIt() {
        run(gang(6));

        assertThat(pool.stopped("b", attempt("g", 1)))
                .containsSubsequence(
                        new MemberEnded(G, 1, B, false, 0, 0),
                        new TaskRequeued(G, 1, EndReason.ATTEMPT_LOST, "the node does not run it", pool.nowMs(), 0, 0),
                        new StrayStopped(A, INCARNATION, attempt("g", 1)));
    }

    @Test
    void isCancelledWhenAllItsNodesHaveStopped() {
        run(gang(6));

        pool.cancel("g");

        assertThat(pool.commands).hasSize(2).hasOnlyElementsOfType(StopAttempt.class);
        assertThat(pool.stopped("a", attempt("g", 1))).containsExactly(new MemberEnded(G, 1, A, false, 0, 0));
        assertThat(pool.stopped("b", attempt("g", 1)))
                .containsExactly(new MemberEnded(G, 1, B, false, 0, 0), new TaskCancelled(G, 0));
        assertThat(pool.heldOn("a") + pool.heldOn("b")).isZero();
    }

    @Test
    void isCancelledAtOnceIfANodeIsLostAndTheRestIsHeldUntilItAnswers() {
        run(gang(6));
        pool.cancel("g");

        assertThat(pool.beats("a", 10, attempt("g", 1))).contains(new TaskCancelled(G, 0));
        assertThat(pool.heldOn("a")).isOne();
        assertThat(pool.stopped("a", attempt("g", 1))).containsExactly(new AllocationReleased(A, attempt("g", 1), 0));
    }

    @Test
    void isPreemptedAsAWholeAndGoesOnFromWhatAllHaveDone() {
        var srtf = PoolFixture.withNodes(PoolSettings.withPolicy(PolicySpec.named("srtf")), "a", "b");
        srtf.submit(gang(6));
        srtf.started("a", attempt("g", 1));
        srtf.started("b", attempt("g", 1));
        TaskSpec quick = TaskSpec.of(new TaskId("t"), GpuRequest.whole(3, 0), Work.lasting(1_000));

        assertThat(srtf.submit(quick)).contains(new PreemptRequested(G, 1, EndReason.PREEMPTED));
        assertThat(srtf.stopped("a", attempt("g", 1), 9_000))
                .containsExactly(new MemberEnded(G, 1, A, false, 9_000, 0));
        assertThat(srtf.stateOf("t")).isEqualTo(TaskState.QUEUED);
        assertThat(srtf.stopped("b", attempt("g", 1), 7_000))
                .startsWith(
                        new MemberEnded(G, 1, B, false, 7_000, 0),
                        new TaskCheckpointed(G, 1, 7_000),
                        new TaskRequeued(G, 1, EndReason.PREEMPTED, "", srtf.nowMs(), 0, 0))
                .hasAtLeastOneElementOfType(TaskPlaced.class);
        assertThat(srtf.stateOf("t")).isEqualTo(TaskState.PLACED);
        assertThat(srtf.stateOf("g")).isEqualTo(TaskState.QUEUED);
    }

    @Test
    void emptiesTheNodesThatItNeeds() {
        var srtf = PoolFixture.withNodes(PoolSettings.withPolicy(PolicySpec.named("srtf")), "a", "b", "c");
        for (String id : List.of("t1", "t2", "t3")) {
            srtf.submit(TaskSpec.of(new TaskId(id), GpuRequest.whole(3, 0), Work.lasting(100_000)));
        }

        srtf.submit(gang(8));

        assertThat(srtf.stateOf("t1")).isEqualTo(TaskState.PLACED);
        assertThat(srtf.stateOf("t2")).isEqualTo(TaskState.PREEMPTING);
        assertThat(srtf.stateOf("t3")).isEqualTo(TaskState.PREEMPTING);
        srtf.stopped("b", attempt("t2", 1));
        srtf.stopped("c", attempt("t3", 1));
        assertThat(srtf.state().task(G).allocations())
                .extracting(allocation -> allocation.nodeId().value())
                .containsExactly("b", "c");
    }

    private void run(TaskSpec gang) {
        pool.submit(gang);
        pool.started("a", attempt("g", 1));
        pool.started("b", attempt("g", 1));
    }

    private List<ClusterEvent> checkpointed(String node, long progressMs) {
        return pool.report(new TaskReport.Checkpointed(pool.source(node), attempt("g", 1), progressMs, pool.nowMs()));
    }

    private static TaskSpec gang(int gpus) {
        return task("g", gpus).withMaxNodes(2);
    }
}
