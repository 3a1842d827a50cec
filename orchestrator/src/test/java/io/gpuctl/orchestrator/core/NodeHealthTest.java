package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.FIFO;
import static io.gpuctl.orchestrator.core.PoolFixture.INCARNATION;
import static io.gpuctl.orchestrator.core.PoolFixture.POOL;
import static io.gpuctl.orchestrator.core.PoolFixture.attempt;
import static io.gpuctl.orchestrator.core.PoolFixture.inventory;
import static io.gpuctl.orchestrator.core.PoolFixture.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.ClusterEvent.AllocationReleased;
import io.gpuctl.events.ClusterEvent.GpuReturned;
import io.gpuctl.events.ClusterEvent.GpuTakenOut;
import io.gpuctl.events.ClusterEvent.NodeCordoned;
import io.gpuctl.events.ClusterEvent.NodeDrained;
import io.gpuctl.events.ClusterEvent.NodeFaulted;
import io.gpuctl.events.ClusterEvent.NodeOnPace;
import io.gpuctl.events.ClusterEvent.NodeRegistered;
import io.gpuctl.events.ClusterEvent.NodeSlow;
import io.gpuctl.events.ClusterEvent.NodeUncordoned;
import io.gpuctl.events.ClusterEvent.PreemptRequested;
import io.gpuctl.events.ClusterEvent.StrayStopped;
import io.gpuctl.events.ClusterEvent.TaskCheckpointed;
import io.gpuctl.events.ClusterEvent.TaskFailed;
import io.gpuctl.events.ClusterEvent.TaskPlaced;
import io.gpuctl.events.ClusterEvent.TaskRequeued;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.HealthSettings;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that leave service because of an operator, a fault or slowness. Nodes have 4 GPUs. */
class NodeHealthTest {
    private static final NodeId A = new NodeId("a");
    private static final TaskId T = new TaskId("t");
    private static final long RETRY_MS = HealthSettings.DEFAULT.retryAfterMs();

    private final PoolFixture pool = PoolFixture.withNodes(FIFO, "a");

    @Test
    void aCordonedNodeGetsNoNewTasksAndKeepsItsOwn() {
        run("t", 1);

        assertThat(pool.cordon("a")).containsExactly(new NodeCordoned(A, CordonCause.OPERATOR, false, "loud fan", 0));
        pool.submit(task("u", 1));

        assertThat(pool.stateOf("t")).isEqualTo(TaskState.RUNNING);
        assertThat(pool.reasonOf("u").code()).isEqualTo(Code.NODE_CORDONED);
        assertThat(health()).isEqualTo(NodeHealth.CORDONED);
    }

    @Test
    void anUncordonedNodeTakesWhatHasWaited() {
        pool.cordon("a");
        pool.submit(task("t", 1));

        assertThat(pool.uncordon("a"))
                .startsWith(new NodeUncordoned(A, "new fan"))
                .hasAtLeastOneElementOfType(TaskPlaced.class);
    }

    @Test
    void whatIsAskedTwiceOrOfNobodyChangesNothing() {
        pool.cordon("a");
        assertThat(pool.cordon("a")).isEmpty();
        assertThat(pool.cordon("nobody")).isEmpty();
        assertThat(pool.drain("nobody")).isEmpty();
        pool.uncordon("a");
        assertThat(pool.uncordon("a")).isEmpty();
    }

    @Test
    void aDrainedNodesTasksAreStoppedAndWaitAgainWithWhatTheySaved() {
        run("t", 1);

        assertThat(pool.drain("a"))
                .containsExactly(
                        new NodeCordoned(A, CordonCause.OPERATOR, true, "to be moved", 0),
                        new PreemptRequested(T, 1, EndReason.NODE_DRAINED));
        assertThat(pool.commands).singleElement().isInstanceOf(NodeCommand.StopAttempt.class);
        assertThat(health()).isEqualTo(NodeHealth.DRAINING);
        assertThat(pool.stopped("a", attempt("t", 1), 7_000))
                .startsWith(
                        new TaskCheckpointed(T, 1, 7_000),
                        new TaskRequeued(T, 1, EndReason.NODE_DRAINED, "", pool.nowMs(), 0, 0),
                        new NodeDrained(A));
        assertThat(pool.state().task(T).nodeLosses()).isZero();
        assertThat(pool.state().task(T).failures()).isZero();
    }

    @Test
    void aDrainSaysWhatWasLost() {
        run("t", 1);
        pool.drain("a");

        assertThat(pool.report(new TaskReport.Stopped(pool.source("a"), attempt("t", 1), 5_000, 2_000, pool.nowMs())))
                .contains(new TaskRequeued(T, 1, EndReason.NODE_DRAINED, "", pool.nowMs(), 2_000, 0));
    }

    @Test
    void anEmptyNodeIsDrainedAtOnce() {
        assertThat(pool.drain("a"))
                .containsExactly(new NodeCordoned(A, CordonCause.OPERATOR, true, "to be moved", 0), new NodeDrained(A));
    }

    @Test
    void aCordonedNodeMayBeDrainedAndNotTheOtherWayRound() {
        pool.cordon("a");
        assertThat(pool.drain("a")).hasSize(2);
        assertThat(pool.cordon("a")).isEmpty();
        assertThat(pool.drain("a")).isEmpty();
    }

    @Test
    void aTaskThatIsBeingDrainedGoesOnElsewhere() {
        pool.register("b");
        run("t", 4);
        pool.drain("a");
        pool.stopped("a", attempt("t", 1));

        assertThat(pool.nodeOf("t")).isEqualTo("b");
    }

    @Test
    void theOrchestratorMayBeAnotherWhileANodeIsDrained() {
        run("t", 1);
        pool.drain("a");
        pool.restartOrchestrator(FIFO);

        assertThat(pool.stopped("a", attempt("t", 1), 0)).contains(new NodeDrained(A));
    }

    @Test
    void ofAGangOneDrainedNodeHasAllStopped() {
        pool.register("b");
        pool.submit(task("t", 8).withMaxNodes(2));
        pool.started("a", attempt("t", 1));
        pool.started("b", attempt("t", 1));

        assertThat(pool.drain("b")).contains(new PreemptRequested(T, 1, EndReason.NODE_DRAINED));
        assertThat(pool.commands).hasSize(2);
        pool.stopped("b", attempt("t", 1), 9_000);
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.PREEMPTING);
        assertThat(pool.stopped("a", attempt("t", 1), 8_000))
                .contains(
                        new TaskCheckpointed(T, 1, 8_000),
                        new TaskRequeued(T, 1, EndReason.NODE_DRAINED, "", pool.nowMs(), 0, 0),
                        new NodeDrained(new NodeId("b")));
        assertThat(pool.reasonOf("t").nodesRuledOut()).containsEntry(Code.NODE_CORDONED, 1);
    }

    @Test
    void aGpuThatIsLostIsOutAndTheRestOfTheNodeGoesOn() {
        run("t", 1);
        run("u", 1);

        assertThat(hot(0))
                .containsExactly(
                        new NodeFaulted(A, "thermal_shutdown", 0, "105 C", 0),
                        new GpuTakenOut(A, 0, "thermal shutdown"));
        assertThat(pool.faulted("a", attempt("t", 1), 0, 0, 4_000))
                .contains(new TaskRequeued(
                        T, 1, EndReason.HARDWARE_FAULT, "GPU 0 of node a: broke", pool.nowMs(), 4_000, 0));
        assertThat(pool.gpusOf("t")).containsExactly(2);
        assertThat(pool.stateOf("u")).isEqualTo(TaskState.RUNNING);
        assertThat(pool.state().task(T).nodeLosses()).isEqualTo(1);
        assertThat(health()).isEqualTo(NodeHealth.DEGRADED);
    }

    @Test
    void aTaskThatFitsOnlyIfTheGpuWasBackWaitsForIt() {
        hot(3);
        pool.submit(task("t", 4));

        assertThat(pool.stateOf("t")).isEqualTo(TaskState.QUEUED);
        assertThat(pool.reasonOf("t").code()).isEqualTo(Code.INSUFFICIENT_GPUS);
        assertThat(pool.nodeEvent(new NodeEvent.GpuRestored(POOL, A, INCARNATION, 3, pool.nowMs())))
                .startsWith(new GpuReturned(A, 3))
                .hasAtLeastOneElementOfType(TaskPlaced.class);
    }

    @Test
    void aGpuThatIsOutTwiceOrBackTwiceIsSaidOnce() {
        hot(3);
        assertThat(hot(3)).containsExactly(new NodeFaulted(A, "thermal_shutdown", 3, "105 C", 0));
        pool.nodeEvent(new NodeEvent.GpuRestored(POOL, A, INCARNATION, 3, pool.nowMs()));
        assertThat(pool.nodeEvent(new NodeEvent.GpuRestored(POOL, A, INCARNATION, 3, pool.nowMs())))
                .isEmpty();
    }

    @Test
    void byTheFirstEditionAGpuThatFellOffTheBusIsOutAloneAndUnknownErrorsAreNoted() {
        PoolFixture old = PoolFixture.withNodes(FIFO.withHealth(HealthSettings.UNWRITTEN), "a");

        assertThat(old.xid("a", 0, 79))
                .containsExactly(
                        new NodeFaulted(A, "xid", 0, "", 79),
                        new GpuTakenOut(A, 0, "XID 79, GPU has fallen off the bus"));
        assertThat(old.xid("a", 1, 46)).containsExactly(new NodeFaulted(A, "xid", 1, "", 46));
        assertThat(old.xid("a", 1, 9_999)).containsExactly(new NodeFaulted(A, "xid", 1, "", 9_999));
    }

    @ParameterizedTest
    @ValueSource(ints = {54, 78, 122, 123, 154, 9_999})
    void whatNobodyCanMendFromAfarCordonsTheNodeAndLeavesItsTasks(int xid) {
        run("t", 1);

        assertThat(pool.xid("a", 0, xid)).satisfiesExactly(fault -> {}, cordoned -> {
            assertThat(((NodeCordoned) cordoned).cause()).isEqualTo(CordonCause.FAULT);
            assertThat(((NodeCordoned) cordoned).drain()).isFalse();
        });
        assertThat(pool.xid("a", 0, xid)).hasSize(1);
        pool.submit(task("u", 1));
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.RUNNING);
        assertThat(pool.reasonOf("u").code()).isEqualTo(Code.NODE_CORDONED);

        assertThat(pool.xid("a", 0, 48)).contains(new PreemptRequested(T, 1, EndReason.NODE_DRAINED));
    }

    @Test
    void anUnknownErrorDoesNotEndTheDrainOfASlowNode() {
        run("t", 1);
        for (int report = 0; report < HealthSettings.DEFAULT.stragglerReports(); report++) {
            pool.paced("a", attempt("t", 1), 400);
        }
        assertThat(health()).isEqualTo(NodeHealth.DRAINING);

        pool.xid("a", 0, 9_999);

        assertThat(health()).isEqualTo(NodeHealth.DRAINING);
        assertThat(pool.state().node(A).upkeep().cordon().cause()).isEqualTo(CordonCause.FAULT);
    }

    @Test
    void aNewStartHasAllItsGpus() {
        hot(3);
        pool.register(inventory("a", 4), INCARNATION + 1);
        pool.submit(task("t", 4));

        assertThat(pool.stateOf("t")).isEqualTo(TaskState.PLACED);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 13, 31, 39, 43, 45, 63, 68, 92, 94, 137})
    void errorsOfTasksAndNotesMoveNobody(int xid) {
        run("t", 1);

        assertThat(pool.xid("a", 0, xid)).containsExactly(new NodeFaulted(A, "xid", 0, "", xid));
    }

    @ParameterizedTest
    @ValueSource(ints = {46, 48, 64, 74, 79, 95, 110, 119, 120, 136, 143, 144, 147, 150, 151, 155, 156, 158})
    void fatalErrorsDrainTheNodeUntilItStartsAnew(int xid) {
        run("t", 1);
        run("u", 1);

        assertThat(pool.xid("a", 0, xid))
                .hasAtLeastOneElementOfType(NodeCordoned.class)
                .contains(new PreemptRequested(new TaskId("u"), 1, EndReason.NODE_DRAINED));
        pool.faulted("a", attempt("t", 1), 0, xid, 0);
        pool.stopped("a", attempt("u", 1));
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.QUEUED);
        assertThat(pool.register(inventory("a", 4), INCARNATION + 1))
                .startsWith(
                        new NodeRegistered(inventory("a", 4), INCARNATION + 1, 0),
                        new NodeUncordoned(A, "started anew"))
                .hasAtLeastOneElementOfType(TaskPlaced.class);
    }

    @Test
    void anErrorOfAGpuThatTheNodeDoesNotHaveMovesNobody() {
        assertThat(pool.xid("a", 4, 48)).hasSize(1);
        assertThat(pool.xid("a", 4, 79)).hasSize(1);
    }

    @Test
    void aLostGpuThatIsNotNamedDrainsTheNode() {
        assertThat(pool.xid("a", -1, 79)).hasAtLeastOneElementOfType(NodeCordoned.class);
    }

    @Test
    void aFaultDoesNotPutBackWhatAnOperatorTookOut() {
        run("t", 1);
        pool.cordon("a");

        assertThat(pool.xid("a", 3, 48))
                .contains(new NodeCordoned(
                        A, CordonCause.OPERATOR, true, "XID 48, double bit ECC error: memory is corrupt", 0))
                .contains(new PreemptRequested(T, 1, EndReason.NODE_DRAINED));
        pool.register(inventory("a", 4), INCARNATION + 1);
        assertThat(health()).isEqualTo(NodeHealth.DRAINING);
    }

    @Test
    void aNodeThatBreaksTooOftenStaysOutUntilAnOperatorPutsItBack() {
        for (int incarnation = 1; incarnation <= 4; incarnation++) {
            assertThat(pool.state().node(A).isCordoned()).isFalse();
            fatal(incarnation);
            assertThat(operatorNeeded()).as("a new start ends the first three").isEqualTo(incarnation <= 3 ? 0 : 1);
            pool.register(inventory("a", 4), incarnation + 1);
        }
        assertThat(pool.state().node(A).isCordoned()).isTrue();
        assertThat(operatorNeeded()).isEqualTo(1);
        assertThat(pool.state().node(A).upkeep().cordon().detail())
                .endsWith("cordoned automatically 4 times within 1d: it stays so until an operator uncordons it");

        pool.uncordon("a");
        assertThat(operatorNeeded()).isZero();
        fatal(5);
        pool.register(inventory("a", 4), 6);
        assertThat(pool.state().node(A).isCordoned()).isFalse();
    }

    private int operatorNeeded() {
        return PoolStatistics.of(pool.state(), _ -> 0).nodesOperatorNeeded();
    }

    @Test
    void whatIsLongAgoDoesNotCount() {
        for (int incarnation = 1; incarnation <= 3; incarnation++) {
            fatal(incarnation);
            pool.register(inventory("a", 4), incarnation + 1);
        }
        jump(HealthSettings.DEFAULT.triesWindowMs());
        fatal(4);
        pool.register(inventory("a", 4), 5);

        assertThat(pool.state().node(A).isCordoned()).isFalse();
    }

    @Test
    void aNodeThatIsSlowInARowIsDrainedAndTriedAgain() {
        run("t", 1);

        assertThat(pool.paced("a", attempt("t", 1), 749)).containsExactly(new NodeSlow(A, 749));
        assertThat(health()).isEqualTo(NodeHealth.DEGRADED);
        pool.paced("a", attempt("t", 1), 500);
        assertThat(pool.paced("a", attempt("t", 1), 400))
                .containsExactly(
                        new NodeSlow(A, 400),
                        new NodeCordoned(
                                A,
                                CordonCause.STRAGGLER,
                                true,
                                "slow 3 times in a row, at 400 thousandths of full clock in the end",
                                pool.nowMs() + RETRY_MS),
                        new PreemptRequested(T, 1, EndReason.NODE_DRAINED));
        pool.stopped("a", attempt("t", 1));
        assertThat(pool.beats("a", (int) (RETRY_MS / 1_000) - 1)).isEmpty();
        assertThat(pool.beats("a", 1))
                .startsWith(new NodeUncordoned(A, "is tried again"))
                .hasAtLeastOneElementOfType(TaskPlaced.class);
    }

    @Test
    void aReportAtPaceBeginsTheCountAnew() {
        run("t", 1);
        pool.paced("a", attempt("t", 1), 500);
        pool.paced("a", attempt("t", 1), 500);

        assertThat(pool.paced("a", attempt("t", 1), 750)).containsExactly(new NodeOnPace(A));
        assertThat(pool.paced("a", attempt("t", 1), 1_000)).isEmpty();
        pool.paced("a", attempt("t", 1), 500);
        pool.paced("a", attempt("t", 1), 500);
        assertThat(pool.state().node(A).isCordoned()).isFalse();
    }

    @Test
    void eachTimeItIsSlowItIsOutForTwiceAsLongAndAtLastForGood() {
        for (int time = 0; time < 3; time++) {
            beSlow(time + 1);
            assertThat(pool.state().node(A).upkeep().cordon().untilMs()).isEqualTo(pool.nowMs() + (RETRY_MS << time));
            pool.beats("a", (int) (RETRY_MS / 1_000) << time);
        }
        beSlow(4);

        assertThat(pool.state().node(A).upkeep().cordon().untilMs()).isZero();
        assertThat(pool.state().nextCordonEndMs()).isEmpty();
    }

    @Test
    void aWordOfAnAttemptThatIsOverSaysNothingOfTheNode() {
        run("t", 1);
        pool.completed("a", attempt("t", 1));

        assertThat(pool.paced("a", attempt("t", 1), 1)).isEmpty();
    }

    @Test
    void aFaultThatStrikesTooOftenEndsTheTask() {
        PoolFixture strict = PoolFixture.withNodes(FIFO.withNodeLossesMax(0), "a");
        strict.submit(task("t", 1));
        strict.started("a", attempt("t", 1));

        assertThat(strict.faulted("a", attempt("t", 1), 0, 79, 3_000))
                .contains(new TaskFailed(T, 1, EndReason.HARDWARE_FAULT, "GPU 0 of node a: broke", 3_000, 0));
    }

    @Test
    void aFaultOfOneNodeEndsTheWholeGang() {
        pool.register("b");
        pool.submit(task("t", 8).withMaxNodes(2));
        pool.started("a", attempt("t", 1));
        pool.started("b", attempt("t", 1));

        assertThat(pool.faulted("b", attempt("t", 1), 2, 79, 3_000))
                .contains(
                        new TaskRequeued(
                                T, 1, EndReason.HARDWARE_FAULT, "GPU 2 of node b: broke", pool.nowMs(), 3_000, 0),
                        new StrayStopped(A, INCARNATION, attempt("t", 1)));
        assertThat(pool.heldOn("b")).isZero();
        assertThat(pool.stopped("a", attempt("t", 1))).contains(new AllocationReleased(A, attempt("t", 1), 0));
    }

    @Test
    void aFaultWhileTheTaskIsDrainedEndsItForTheFault() {
        run("t", 1);
        pool.drain("a");

        assertThat(pool.faulted("a", attempt("t", 1), 0, 48, 0))
                .contains(
                        new TaskRequeued(T, 1, EndReason.HARDWARE_FAULT, "GPU 0 of node a: broke", pool.nowMs(), 0, 0))
                .contains(new NodeDrained(A));
    }

    @Test
    void theStateIsStoredWithAllOfIt() {
        hot(3);
        run("t", 1);
        pool.drain("a");
        PoolSnapshot before = pool.state().snapshot();

        PoolState restored = PoolState.restore(
                before.header(), before.nodes().values(), before.tasks().values(), before.finished());

        assertThat(restored.snapshot()).isEqualTo(before);
        assertThat(restored.draining()).containsExactly(A);
        assertThat(restored.node(A).freeMilli(3)).isZero();
    }

    private List<ClusterEvent> hot(int gpu) {
        return pool.nodeEvent(new NodeEvent.Faulted(
                POOL, A, INCARNATION, NodeEvent.Faulted.THERMAL_SHUTDOWN, gpu, "105 C", pool.nowMs()));
    }

    private NodeHealth health() {
        return pool.state().node(A).health();
    }

    private void run(String taskId, int gpus) {
        pool.submit(task(taskId, gpus));
        pool.started("a", attempt(taskId, 1));
    }

    private void beSlow(int attempt) {
        if (attempt == 1) {
            pool.submit(task("t", 1));
        }
        pool.started("a", attempt("t", attempt));
        for (int report = 0; report < 3; report++) {
            pool.paced("a", attempt("t", attempt), 300);
        }
        pool.stopped("a", attempt("t", attempt));
    }

    private void fatal(int incarnation) {
        pool.nodeEvent(new NodeEvent.Faulted(POOL, A, incarnation, NodeEvent.Faulted.XID, 0, "", 48, pool.nowMs()));
    }

    private void jump(long durationMs) {
        pool.beats("a", 1);
        pool.passTo(pool.nowMs() + durationMs);
    }
}
