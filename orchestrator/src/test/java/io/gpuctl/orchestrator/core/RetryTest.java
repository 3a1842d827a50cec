package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.FIFO;
import static io.gpuctl.orchestrator.core.PoolFixture.INCARNATION;
import static io.gpuctl.orchestrator.core.PoolFixture.POOL;
import static io.gpuctl.orchestrator.core.PoolFixture.attempt;
import static io.gpuctl.orchestrator.core.PoolFixture.inventory;
import static io.gpuctl.orchestrator.core.PoolFixture.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.ClusterEvent.RetryDue;
import io.gpuctl.events.ClusterEvent.TaskFailed;
import io.gpuctl.events.ClusterEvent.TaskPlaced;
import io.gpuctl.events.ClusterEvent.TaskRequeued;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.Fact;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.PendingReason.Code;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.Work;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final TaskId T = new TaskId("t");

    @Test
    void aFailedAttemptIsRepeatedAfterItsDelay() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t", 1));

        assertThat(pool.failed("a", attempt("t", 1)))
                .containsExactly(new TaskRequeued(
                        T, 1, EndReason.TASK_FAILED, "exit code 1: out of memory", pool.nowMs() + 1_000, 0, 0));
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.BACKING_OFF);
        assertThat(pool.reasonOf("t")).isEqualTo(PendingReason.of(Code.BACKING_OFF));
        assertThat(pool.heldOn("a")).isZero();
        assertThat(pool.tick(999)).isEmpty();
        assertThat(pool.tick(1)).first().isEqualTo(new RetryDue(T));
        assertThat(pool.state().task(T).currentAttempt()).isEqualTo(attempt("t", 2));
    }

    /** Clocks differ, but the facts of a pool do not go back in time, and the log holds no other time. */
    @Test
    void aTickWhoseClockIsBehindGoesByTheTimeOfThePool() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t", 1));
        pool.failed("a", attempt("t", 1));
        long aheadMs = pool.nowMs() + 5_000;
        pool.orchestrator().on(new TaskCommand.SubmitTask(task("u", 1), aheadMs), new Cause("task-commands", 0, 99));

        Decision decision = pool.orchestrator().onTick(pool.nowMs() + 1);

        assertThat(decision.facts().getFirst().event()).isEqualTo(new RetryDue(T));
        assertThat(decision.facts().getFirst().atMs()).isEqualTo(aheadMs);
    }

    @Test
    void theDelayDoublesWithEachFailureUpToAThousandfold() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(withAttempts(14));
        long delayMs = 1_000;
        for (int number = 1; number <= 13; number++) {
            long failedAtMs = pool.nowMs();
            var requeued = (TaskRequeued) pool.failed("a", attempt("t", number)).getFirst();

            assertThat(requeued.eligibleAtMs() - failedAtMs)
                    .as("after attempt %d", number)
                    .isEqualTo(delayMs);
            pool.heartbeat("a");
            pool.beats("a", (int) (delayMs / 1_000));
            delayMs = Math.min(delayMs * 2, 1_024_000);
        }
    }

    @Test
    void theLastAttemptThatFailsFailsTheTask() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(withAttempts(2));
        pool.failed("a", attempt("t", 1));
        pool.tick(1_000);

        assertThat(pool.failed("a", attempt("t", 2)))
                .containsExactly(new TaskFailed(T, 2, EndReason.TASK_FAILED, "exit code 1: out of memory", 0, 0));
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.FAILED);
        assertThat(pool.heldOn("a")).isZero();
    }

    @Test
    void aRefusedStartCountsAsAFailure() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(withAttempts(1));

        assertThat(pool.report(new TaskReport.Failed(pool.source("a"), attempt("t", 1), -1, "no", pool.nowMs())))
                .containsExactly(new TaskFailed(T, 1, EndReason.TASK_FAILED, "exit code -1: no", 0, 0));
    }

    @Test
    void aNodesFailureIsNotTheTasksAndIsRepeatedAtOnce() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(withAttempts(1));

        List<ClusterEvent> events = pool.register(inventory("a", 4), INCARNATION + 1);

        assertThat(events)
                .contains(new TaskRequeued(T, 1, EndReason.NODE_RESTARTED, "node a restarted", pool.nowMs(), 0, 0));
        assertThat(events).last().isInstanceOf(TaskPlaced.class);
    }

    @Test
    void aTaskThatLosesItsNodeTooOftenFails() {
        var pool = PoolFixture.withNodes(withNodeLosses(1), "a");
        pool.submit(withAttempts(5));
        for (int number = 1; number <= 2; number++) {
            long incarnation = INCARNATION + number;
            pool.report(new TaskReport.Started(
                    new TaskReport.Source(POOL, new NodeId("a"), incarnation - 1), attempt("t", number), pool.nowMs()));
            pool.register(inventory("a", 4), incarnation);
        }

        assertThat(pool.log)
                .extracting(Fact::event)
                .contains(new TaskFailed(T, 2, EndReason.NODE_RESTARTED, "node a restarted", 0, 0));
    }

    /**
     * The nodes of a restarted cluster register one after another, and tasks are placed on nodes that have not
     * registered yet.
     */
    @Test
    void aNodeThatIsLostBeforeTheTaskStartedDoesNotCount() {
        var pool = PoolFixture.withNodes(withNodeLosses(0), "a");
        pool.submit(withAttempts(5));

        pool.register(inventory("a", 4), INCARNATION + 1);

        assertThat(pool.stateOf("t")).isEqualTo(TaskState.PLACED);
    }

    @Test
    void whatWasSavedIsNotDoneAgain() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t", 1));
        pool.report(new TaskReport.Checkpointed(pool.source("a"), attempt("t", 1), 40_000, pool.nowMs()));
        pool.report(new TaskReport.Checkpointed(pool.source("a"), attempt("t", 1), 30_000, pool.nowMs()));
        pool.failed("a", attempt("t", 1));

        pool.tick(1_000);

        assertThat(pool.commands)
                .singleElement()
                .isInstanceOfSatisfying(
                        StartAttempt.class,
                        start -> assertThat(start.progressMs()).isEqualTo(40_000));
    }

    @Test
    void aRequeuedTaskKeepsItsPlaceInTheQueue() {
        var pool = PoolFixture.withNodes(FIFO, "a");
        pool.submit(task("t", 4));
        pool.submit(task("u", 4));
        pool.failed("a", attempt("t", 1));
        assertThat(pool.stateOf("u")).as("runs while the first backs off").isEqualTo(TaskState.PLACED);
        pool.submit(task("v", 4));
        pool.tick(1_000);

        pool.completed("a", attempt("u", 1));

        assertThat(pool.stateOf("t")).isEqualTo(TaskState.PLACED);
    }

    private static PoolSettings withNodeLosses(int nodeLossesMax) {
        return FIFO.withNodeLossesMax(nodeLossesMax);
    }

    private static TaskSpec withAttempts(int maxAttempts) {
        return new TaskSpec(
                T, POOL, "u", Priority.NORMAL, GpuRequest.whole(1, 0), 0, 0, List.of(), maxAttempts, Work.lasting(1));
    }
}
