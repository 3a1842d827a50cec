package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.FIFO;
import static io.gpuctl.orchestrator.core.PoolFixture.INCARNATION;
import static io.gpuctl.orchestrator.core.PoolFixture.POOL;
import static io.gpuctl.orchestrator.core.PoolFixture.attempt;
import static io.gpuctl.orchestrator.core.PoolFixture.inventory;
import static io.gpuctl.orchestrator.core.PoolFixture.task;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class IllegalFactTest {
    private static final NodeId A = new NodeId("a");
    private static final NodeId DOWN = new NodeId("down");
    private static final NodeId UNKNOWN = new NodeId("unknown");
    private static final TaskId NEW = new TaskId("new");
    private static final TaskId QUEUED = new TaskId("queued");
    private static final TaskId PLACED = new TaskId("placed");
    private static final TaskId BACKING_OFF = new TaskId("backing-off");
    private static final TaskId COMPLETED = new TaskId("completed");
    private static final PendingReason REASON = PendingReason.of(PendingReason.Code.AWAITING_PASS);

    /** Events that are illegal after {@link #given}. */
    static final List<ClusterEvent> ILLEGAL = List.of(
            new ClusterEvent.TaskSubmitted(task("queued", 1)),
            new ClusterEvent.TaskSubmitted(task("completed", 1)),
            new ClusterEvent.TaskRejected(task("placed", 1), REASON),
            new ClusterEvent.PendingReasonChanged(PLACED, REASON),
            new ClusterEvent.PendingReasonChanged(NEW, REASON),
            placed(NEW, 1, allocation(A, INCARNATION, 0)),
            placed(PLACED, 2, allocation(A, INCARNATION, 0)),
            placed(QUEUED, 2, allocation(A, INCARNATION, 0)),
            placed(QUEUED, 1, allocation(A, INCARNATION + 1, 0)),
            placed(QUEUED, 1, allocation(A, INCARNATION, 3)),
            placed(QUEUED, 1, allocation(A, INCARNATION, 4)),
            placed(QUEUED, 1, allocation(A, INCARNATION, 0), allocation(A, INCARNATION, 1)),
            placed(QUEUED, 1, allocation(DOWN, INCARNATION, 0)),
            placed(QUEUED, 1, allocation(UNKNOWN, INCARNATION, 0)),
            new ClusterEvent.TaskStarted(QUEUED, 1),
            new ClusterEvent.TaskStarted(PLACED, 2),
            new ClusterEvent.TaskCheckpointed(PLACED, 1, 5),
            new ClusterEvent.TaskCompleted(PLACED, 1, 0),
            new ClusterEvent.TaskCompleted(COMPLETED, 1, 0),
            new ClusterEvent.TaskRequeued(QUEUED, 1, EndReason.NODE_LOST, "", 0, 0, 0),
            new ClusterEvent.TaskRequeued(PLACED, 2, EndReason.NODE_LOST, "", 0, 0, 0),
            new ClusterEvent.TaskRequeued(PLACED, 1, EndReason.PREEMPTED, "", 0, 0, 0),
            new ClusterEvent.PreemptRequested(QUEUED, 1, EndReason.PREEMPTED),
            new ClusterEvent.PreemptRequested(PLACED, 2, EndReason.PREEMPTED),
            new ClusterEvent.MemberStarted(PLACED, 1, A),
            new ClusterEvent.MemberEnded(PLACED, 1, A, false, 0, 0),
            new ClusterEvent.RetryDue(QUEUED),
            new ClusterEvent.RetryDue(BACKING_OFF),
            new ClusterEvent.TaskFailed(QUEUED, 1, EndReason.TASK_FAILED, "", 0, 0),
            new ClusterEvent.CancelRequested(QUEUED),
            new ClusterEvent.TaskCancelled(PLACED, 0),
            new ClusterEvent.TaskCancelled(COMPLETED, 0),
            new ClusterEvent.StrayStopped(UNKNOWN, INCARNATION, attempt("t", 1)),
            new ClusterEvent.AllocationReleased(A, attempt("queued", 1), 0),
            new ClusterEvent.NodeRegistered(inventory("a", 4), INCARNATION, 0),
            new ClusterEvent.NodeConditionChanged(new NodeCondition(UNKNOWN, POOL, 0, List.of())),
            new ClusterEvent.NodeConditionChanged(new NodeCondition(A, POOL, 0, List.of())),
            new ClusterEvent.NodeSuspected(DOWN),
            new ClusterEvent.NodeRecovered(A),
            new ClusterEvent.NodeRecovered(DOWN),
            new ClusterEvent.NodeLost(A),
            new ClusterEvent.NodeShutDown(DOWN),
            new ClusterEvent.NodeFaulted(UNKNOWN, "xid", 0, "", 0));

    @ParameterizedTest
    @FieldSource("ILLEGAL")
    void isRefused(ClusterEvent event) {
        PoolState state = given();
        Fact fact = next(state, event);

        assertThatThrownBy(() -> state.apply(fact))
                .isInstanceOf(IllegalFactException.class)
                .hasMessageContaining("Fact %d of pool default (%s)"
                        .formatted(fact.sequence(), event.getClass().getSimpleName()));
    }

    @Test
    void anOutOfSequenceFactIsRefused() {
        PoolState state = given();
        ClusterEvent event = new ClusterEvent.NodeSuspected(A);

        for (long sequence : new long[] {1, state.sequence(), state.sequence() + 2}) {
            assertThatThrownBy(() -> state.apply(new Fact(POOL, sequence, state.lastAtMs(), Cause.TIMER, event)))
                    .isInstanceOf(IllegalFactException.class)
                    .hasMessageContaining("the next fact must be");
        }
    }

    @Test
    void aFactThatGoesBackInTimeIsRefused() {
        PoolState state = given();
        Fact fact = new Fact(
                POOL, state.sequence() + 1, state.lastAtMs() - 1, Cause.TIMER, new ClusterEvent.NodeSuspected(A));

        assertThatThrownBy(() -> state.apply(fact)).hasMessageContaining("is before");
    }

    @Test
    void aFactOfAnotherPoolIsRefused() {
        PoolState state = given();
        Fact fact = new Fact(
                new PoolId("other"),
                state.sequence() + 1,
                state.lastAtMs(),
                Cause.TIMER,
                new ClusterEvent.NodeSuspected(A));

        assertThatThrownBy(() -> state.apply(fact)).isInstanceOf(IllegalFactException.class);
    }

    /** Node a holds GPU 3 for a task; another waits for all four. */
    private static PoolState given() {
        PoolFixture pool = PoolFixture.withNodes(FIFO, "a", "down");
        pool.shutDown("down");
        pool.submit(task("completed", 1));
        pool.completed("a", attempt("completed", 1));
        for (String filler : List.of("f0", "f1", "f2")) {
            pool.submit(task(filler, 1));
        }
        pool.submit(task("placed", 1));
        pool.submit(task("queued", 4));
        for (String filler : List.of("f0", "f1", "f2")) {
            pool.cancel(filler);
            pool.stopped("a", attempt(filler, 1));
        }
        pool.submit(task("backing-off", 0));
        PoolState state = pool.state();
        state.apply(next(state, placed(BACKING_OFF, 1, new Allocation(A, INCARNATION, List.of(), 0, 0, 0, 0))));
        state.apply(next(
                state,
                new ClusterEvent.TaskRequeued(
                        BACKING_OFF, 1, EndReason.TASK_FAILED, "", state.lastAtMs() + 1_000, 0, 0)));
        return state;
    }

    private static Fact next(PoolState state, ClusterEvent event) {
        return new Fact(POOL, state.sequence() + 1, state.lastAtMs(), Cause.TIMER, event);
    }

    private static ClusterEvent placed(TaskId taskId, int attempt, Allocation... allocations) {
        return new ClusterEvent.TaskPlaced(taskId, attempt, List.of(allocations), Collections.emptySortedMap());
    }

    private static Allocation allocation(NodeId nodeId, long incarnation, int gpu) {
        return new Allocation(nodeId, incarnation, List.of(gpu), 1_000, 0, 0, 0);
    }
}
