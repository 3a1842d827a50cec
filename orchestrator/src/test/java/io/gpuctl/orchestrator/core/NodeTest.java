package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.FIFO;
import static io.gpuctl.orchestrator.core.PoolFixture.INCARNATION;
import static io.gpuctl.orchestrator.core.PoolFixture.POOL;
import static io.gpuctl.orchestrator.core.PoolFixture.attempt;
import static io.gpuctl.orchestrator.core.PoolFixture.inventory;
import static io.gpuctl.orchestrator.core.PoolFixture.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.ClusterEvent.AllocationReleased;
import io.gpuctl.events.ClusterEvent.NodeFaulted;
import io.gpuctl.events.ClusterEvent.NodeLost;
import io.gpuctl.events.ClusterEvent.NodeRecovered;
import io.gpuctl.events.ClusterEvent.NodeRegistered;
import io.gpuctl.events.ClusterEvent.NodeShutDown;
import io.gpuctl.events.ClusterEvent.NodeSuspected;
import io.gpuctl.events.ClusterEvent.PendingReasonChanged;
import io.gpuctl.events.ClusterEvent.StrayStopped;
import io.gpuctl.events.ClusterEvent.TaskPlaced;
import io.gpuctl.events.ClusterEvent.TaskRequeued;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.NodeCommand.StopAttempt;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskState;
import org.junit.jupiter.api.Test;

/** Nodes that register, fall silent, return, restart and shut down, and nodes that do not run what the state says. */
class NodeTest {
    private static final NodeId A = new NodeId("a");
    private static final TaskId T = new TaskId("t");

    private final PoolFixture pool = PoolFixture.withNodes(FIFO, "a");

    @Test
    void aSilentNodeIsSuspectedAndGetsNoNewTasks() {
        pool.submit(task("t", 1));

        assertThat(pool.tick(4_000)).isEmpty();
        assertThat(pool.tick(1_000)).containsExactly(new NodeSuspected(A));
        pool.submit(task("u", 1));
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.PLACED);
        assertThat(pool.stateOf("u")).isEqualTo(TaskState.QUEUED);
    }

    @Test
    void aSuspectThatIsHeardOfGoesOnAsIfNothingWas() {
        pool.submit(task("t", 1));
        pool.tick(6_000);

        assertThat(pool.heartbeat("a", attempt("t", 1))).containsExactly(new NodeRecovered(A));
        assertThat(pool.completed("a", attempt("t", 1))).isNotEmpty();
    }

    @Test
    void aNodeThatIsSilentForLongIsLostAndItsTasksRunElsewhere() {
        pool.submit(task("t", 1));
        pool.register("b");

        assertThat(pool.beats("b", 10))
                .containsSequence(
                        new NodeLost(A),
                        new TaskRequeued(T, 1, EndReason.NODE_LOST, "node a fell silent", pool.nowMs(), 0, 0));
        assertThat(pool.nodeOf("t")).isEqualTo("b");
        assertThat(pool.state().task(T).attempt()).isEqualTo(2);
    }

    @Test
    void theGpusOfALostNodeAreGivenToNobodyUntilItHasAnswered() {
        pool.submit(task("t", 4));
        pool.register("b");
        pool.beats("b", 10);

        assertThat(pool.heartbeat("a", attempt("t", 1)))
                .containsExactly(new NodeRecovered(A), new StrayStopped(A, INCARNATION, attempt("t", 1)));
        assertThat(pool.commands).containsExactly(new StopAttempt(POOL, A, INCARNATION, attempt("t", 1), pool.nowMs()));
        pool.submit(task("u", 4));
        assertThat(pool.stateOf("u")).isEqualTo(TaskState.QUEUED);
        assertThat(pool.stopped("a", attempt("t", 1)))
                .startsWith(new AllocationReleased(A, attempt("t", 1), 0))
                .hasAtLeastOneElementOfType(TaskPlaced.class);
        assertThat(pool.nodeOf("u")).isEqualTo("a");
    }

    /**
     * The command to start the attempt may not have reached the node yet: a heartbeat without the attempt proves
     * nothing.
     */
    @Test
    void theyAreNotFreeEitherIfTheReturnedNodeDoesNotListTheAttempt() {
        pool.submit(task("t", 4));
        pool.tick(11_000);

        assertThat(pool.heartbeat("a")).contains(new StrayStopped(A, INCARNATION, attempt("t", 1)));
        assertThat(pool.heldOn("a")).isOne();
    }

    @Test
    void anAttemptThatEndedWhileItsNodeWasLostFreesItsGpus() {
        pool.submit(task("t", 4));
        pool.tick(11_000);

        assertThat(pool.completed("a", attempt("t", 1))).containsExactly(new AllocationReleased(A, attempt("t", 1), 0));
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.QUEUED);
    }

    @Test
    void aLostNodeThatStartsAnewIsEmpty() {
        pool.submit(task("t", 4));
        pool.tick(11_000);

        assertThat(pool.register(inventory("a", 4), INCARNATION + 1))
                .startsWith(new NodeRegistered(inventory("a", 4), INCARNATION + 1, 0));
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void aRepeatedRegistrationChangesNothing() {
        pool.submit(task("t", 4));

        assertThat(pool.register("a")).isEmpty();
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void aRegistrationOfAnEarlierStartChangesNothing() {
        pool.register(inventory("a", 4), INCARNATION + 5);

        assertThat(pool.register(inventory("a", 8), INCARNATION + 4)).isEmpty();
        assertThat(pool.state().node(A).gpuCount()).isEqualTo(4);
    }

    @Test
    void aNodeThatStartsAnewMayHaveOtherGpus() {
        pool.submit(task("t", 4));
        pool.temperatures("a", 30, 30, 30, 30);

        pool.register(inventory("a", 2), INCARNATION + 1);

        assertThat(pool.state().node(A).gpuCount()).isEqualTo(2);
        assertThat(pool.state().node(A).condition()).isNull();
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.QUEUED);
    }

    @Test
    void aNodeThatShutsDownGivesItsTasksBack() {
        pool.submit(task("t", 4));

        assertThat(pool.shutDown("a"))
                .startsWith(
                        new NodeShutDown(A),
                        new TaskRequeued(T, 1, EndReason.NODE_SHUT_DOWN, "node a shut down", pool.nowMs(), 0, 0));
        assertThat(pool.heldOn("a")).isZero();
        assertThat(pool.shutDown("a")).isEmpty();
    }

    @Test
    void aNodeThatHasShutDownStaysDownUntilItStartsAnew() {
        pool.shutDown("a");

        assertThat(pool.heartbeat("a")).isEmpty();
        assertThat(pool.register("a")).isEmpty();
        assertThat(pool.tick(60_000)).isEmpty();
        assertThat(pool.state().node(A).state()).isEqualTo(NodeState.DOWN);
        assertThat(pool.register(inventory("a", 4), INCARNATION + 1)).hasSize(1);
    }

    @Test
    void anUnknownNodeChangesNothing() {
        assertThat(pool.heartbeat("z", attempt("t", 1))).isEmpty();
        assertThat(pool.shutDown("z")).isEmpty();
        assertThat(pool.temperatures("z", 30)).isEmpty();
        assertThat(pool.completed("z", attempt("t", 1))).isEmpty();
    }

    @Test
    void aFaultIsRecorded() {
        assertThat(pool.nodeEvent(new NodeEvent.Faulted(POOL, A, INCARNATION, "xid", 2, "79", pool.nowMs())))
                .containsExactly(new NodeFaulted(A, "xid", 2, "79", 0));
        assertThat(pool.nodeEvent(new NodeEvent.Faulted(POOL, A, INCARNATION + 1, "xid", 2, "79", pool.nowMs())))
                .isEmpty();
    }

    @Test
    void aConditionIsRecordedOnceAndOnlyIfItFitsTheNode() {
        assertThat(pool.temperatures("a", 30, 30, 30, 30)).hasSize(1);
        assertThat(pool.temperatures("a", 30, 30, 30, 30)).isEmpty();
        assertThat(pool.temperatures("a", 30, 30, 30)).isEmpty();
    }

    @Test
    void anAttemptThatANodeDoesNotRunIsStoppedAndRunAnew() {
        pool.submit(task("t", 4));

        assertThat(pool.beats("a", 10)).isEmpty();
        assertThat(pool.beats("a", 1)).containsExactly(new StrayStopped(A, INCARNATION, attempt("t", 1)));
        assertThat(pool.stopped("a", attempt("t", 1)))
                .startsWith(
                        new TaskRequeued(T, 1, EndReason.ATTEMPT_LOST, "the node does not run it", pool.nowMs(), 0, 0))
                .last()
                .isInstanceOf(TaskPlaced.class);
    }

    @Test
    void anAttemptThatIsListedAgainInTimeIsNotStopped() {
        pool.submit(task("t", 4));
        pool.beats("a", 9);
        pool.beats("a", 1, attempt("t", 1));

        assertThat(pool.beats("a", 9)).isEmpty();
    }

    @Test
    void anAttemptThatTheBookDoesNotKnowIsStoppedAfterAWhile() {
        assertThat(pool.beats("a", 5, attempt("stray", 7))).isEmpty();
        assertThat(pool.beats("a", 1, attempt("stray", 7)))
                .containsExactly(new StrayStopped(A, INCARNATION, attempt("stray", 7)));
        assertThat(pool.commands)
                .containsExactly(new StopAttempt(POOL, A, INCARNATION, attempt("stray", 7), pool.nowMs()));
        assertThat(pool.stopped("a", attempt("stray", 7))).isEmpty();
    }

    @Test
    void aStrayThatStaysIsStoppedAgainNowAndThen() {
        assertThat(pool.beats("a", 21, attempt("stray", 7))).hasSize(4).hasOnlyElementsOfType(StrayStopped.class);
    }

    @Test
    void reportsOfAnOldAttemptChangeNothing() {
        pool.submit(task("t", 4));
        pool.failed("a", attempt("t", 1));
        pool.beats("a", 1);
        assertThat(pool.state().task(T).attempt()).isEqualTo(2);

        assertThat(pool.started("a", attempt("t", 1))).isEmpty();
        assertThat(pool.completed("a", attempt("t", 1))).isEmpty();
        assertThat(pool.failed("a", attempt("t", 1))).isEmpty();
        assertThat(pool.stopped("a", attempt("t", 1))).isEmpty();
        assertThat(pool.completed("a", attempt("t", 3)))
                .as("nor of one that never was")
                .isEmpty();
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void reportsOfAnotherNodeOrStartChangeNothing() {
        pool.register("b");
        pool.submit(task("t", 4));

        assertThat(pool.completed("b", attempt("t", 1))).isEmpty();
        assertThat(pool.report(new TaskReport.Completed(
                        new TaskReport.Source(POOL, A, INCARNATION + 1), attempt("t", 1), pool.nowMs())))
                .isEmpty();
    }

    @Test
    void anOrchestratorThatWasAwayDoesNotHoldItAgainstTheNodes() {
        pool.submit(task("t", 4));

        pool.tick(1_000);
        assertThat(pool.orchestrator().onTick(pool.nowMs() + 3_600_000).facts()).isEmpty();
    }

    @Test
    void aWaitingTaskIsToldThatItsNodeIsAway() {
        pool.submit(task("t", 4));
        pool.submit(task("u", 4));

        assertThat(pool.tick(5_000)).hasExactlyElementsOfTypes(NodeSuspected.class, PendingReasonChanged.class);
    }
}
