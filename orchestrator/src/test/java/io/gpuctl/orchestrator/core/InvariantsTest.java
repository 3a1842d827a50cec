package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.FIFO;
import static io.gpuctl.orchestrator.core.PoolFixture.INCARNATION;
import static io.gpuctl.orchestrator.core.PoolFixture.POOL;
import static io.gpuctl.orchestrator.core.PoolFixture.attempt;
import static io.gpuctl.orchestrator.core.PoolFixture.inventory;
import static io.gpuctl.orchestrator.core.PoolFixture.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.ReaderVersion;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each invariant detects its violation. */
class InvariantsTest {
    private static final NodeId A = new NodeId("a");
    private static final TaskSpec TASK = task("t", 2);
    private static final TaskRecord SUBMITTED = TaskRecord.submitted(TASK, 1, 0);
    private static final Allocation BOTH = allocation(0, 1);

    @Test
    void aSoundStateBreaksNone() {
        assertThat(violations(node(NodeState.UP, BOTH), SUBMITTED.placed(1, List.of(BOTH))))
                .isEmpty();
    }

    @Test
    void whatIsLeftOfAnEarlierAttemptIsSound() {
        TaskRecord requeued = SUBMITTED.placed(1, List.of(BOTH)).requeued(EndReason.NODE_LOST, 0, 0);

        assertThat(violations(node(NodeState.UP, BOTH), requeued)).isEmpty();
    }

    @Test
    void aPlacedTaskForWhichNobodyHolds() {
        Allocation before = new Allocation(A, INCARNATION - 1, List.of(0, 1), 1_000, 0, 0, 0);

        assertThat(violations(node(NodeState.UP), SUBMITTED.placed(1, List.of(before))))
                .containsExactly("Task t is PLACED, but node a does not hold its allocation");
    }

    @Test
    void aPartialGang() {
        Allocation one = allocation(0);

        assertThat(violations(node(NodeState.UP, one), SUBMITTED.placed(1, List.of(one))))
                .containsExactly("Task t holds 1 GPUs, but asked for 2");
    }

    @Test
    void aGpuThatIsNamedTwice() {
        Allocation twice = new Allocation(A, INCARNATION, List.of(0, 0), 500, 0, 0, 0);

        assertThat(violations(node(NodeState.UP, twice), SUBMITTED.placed(1, List.of(twice))))
                .contains("Node a lacks the GPUs that t#1 holds: [0, 0]");
    }

    @Test
    void aTaskOnANodeThatIsGone() {
        assertThat(violations(node(NodeState.LOST, BOTH), SUBMITTED.placed(1, List.of(BOTH))))
                .containsExactly("Task t is PLACED on node a, which is gone");
    }

    @Test
    void aNodeThatIsDownAndHolds() {
        assertThat(violations(node(NodeState.DOWN, BOTH), SUBMITTED)).anyMatch(v -> v.startsWith("Node a is down"));
    }

    @Test
    void aHoldForAnAttemptThatIsYetToCome() {
        assertThat(violations(node(NodeState.UP, BOTH), SUBMITTED))
                .containsExactly("Node a holds GPUs for t#1, but the task is at attempt 0");
    }

    @Test
    void aHoldOfAnotherStartOfTheNode() {
        Allocation old = new Allocation(A, INCARNATION + 1, List.of(0, 1), 1_000, 0, 0, 0);

        assertThat(violations(node(NodeState.UP, old), SUBMITTED.placed(1, List.of(old))))
                .singleElement()
                .asString()
                .startsWith("Node a in incarnation 1 holds for t#1");
    }

    @Test
    void aTaskThatIsFinishedAndNot() {
        PoolState state = PoolState.restore(
                new PoolHeader(POOL, 5, 0, FIFO, ReaderVersion.FIRST),
                List.of(),
                List.of(SUBMITTED),
                List.of(new FinishedTask(new TaskId("t"), TaskState.COMPLETED, 4, 0)));

        assertThat(Invariants.violations(state)).containsExactly("Task t is QUEUED, but also finished");
    }

    @Test
    void aFinishedTaskThatIsNot() {
        assertThatThrownBy(() -> new FinishedTask(new TaskId("t"), TaskState.RUNNING, 4, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Task t is finished, but its state is RUNNING");
    }

    @Test
    void factsLeadToTheTaskThatTheyAreAbout() {
        PoolState state = state(node(NodeState.UP, allocation(0)), SUBMITTED.placed(1, List.of(allocation(0))));

        assertThat(Invariants.violations(state, List.of(fact(new ClusterEvent.TaskStarted(TASK.taskId(), 1)))))
                .containsExactly("Task t holds 1 GPUs, but asked for 2");
    }

    @Test
    void factsLeadToTheNodeThatTheyAreAbout() {
        PoolState state = state(node(NodeState.DOWN, BOTH), SUBMITTED);

        assertThat(Invariants.violations(state, List.of(fact(new ClusterEvent.NodeShutDown(A)))))
                .anyMatch(v -> v.startsWith("Node a is down"));
    }

    @Test
    void factsAboutNeitherLeadNowhere() {
        PoolState state = state(node(NodeState.DOWN, BOTH), SUBMITTED);

        assertThat(Invariants.violations(state, List.of(fact(new ClusterEvent.SchedulerRan(POOL, "r", 0, 1)))))
                .isEmpty();
    }

    private static Fact fact(ClusterEvent event) {
        return new Fact(POOL, 6, 0, Cause.TIMER, event);
    }

    private static List<String> violations(NodeSnapshot node, TaskRecord task) {
        return Invariants.violations(state(node, task));
    }

    private static PoolState state(NodeSnapshot node, TaskRecord task) {
        return PoolState.restore(
                new PoolHeader(POOL, 5, 0, FIFO, ReaderVersion.FIRST), List.of(node), List.of(task), List.of());
    }

    private static NodeSnapshot node(NodeState state, Allocation... held) {
        return new NodeSnapshot(
                inventory("a", 4),
                INCARNATION,
                state,
                null,
                List.of(held).stream()
                        .map(allocation -> new NodeSnapshot.Hold(attempt("t", 1), allocation))
                        .toList(),
                Upkeep.NONE);
    }

    private static Allocation allocation(Integer... gpus) {
        return new Allocation(A, INCARNATION, List.of(gpus), 1_000, 0, 0, 0);
    }
}
