package io.gpuctl.orchestrator.core;

import static io.gpuctl.orchestrator.core.PoolFixture.FIFO;
import static io.gpuctl.orchestrator.core.PoolFixture.INCARNATION;
import static io.gpuctl.orchestrator.core.PoolFixture.POOL;
import static io.gpuctl.orchestrator.core.PoolFixture.attempt;
import static io.gpuctl.orchestrator.core.PoolFixture.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.ClusterEvent.CancelRequested;
import io.gpuctl.events.ClusterEvent.StrayStopped;
import io.gpuctl.events.ClusterEvent.TaskCancelled;
import io.gpuctl.events.ClusterEvent.TaskCompleted;
import io.gpuctl.events.NodeCommand.StopAttempt;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskState;
import org.junit.jupiter.api.Test;

class CancelTest {
    private static final TaskId T = new TaskId("t");

    private final PoolFixture pool = PoolFixture.withNodes(FIFO, "a");

    @Test
    void ofAnUnknownTaskChangesNothing() {
        assertThat(pool.cancel("t")).isEmpty();
    }

    @Test
    void ofAQueuedTaskIsDoneAtOnce() {
        pool.submit(task("full", 4));
        pool.submit(task("t", 1));

        assertThat(pool.cancel("t")).containsExactly(new TaskCancelled(T, 0));
        assertThat(pool.commands).isEmpty();
    }

    @Test
    void ofATaskThatBacksOffIsDoneAtOnce() {
        pool.submit(task("t", 1));
        pool.failed("a", attempt("t", 1));

        assertThat(pool.cancel("t")).containsExactly(new TaskCancelled(T, 0));
        assertThat(pool.beats("a", 10)).isEmpty();
    }

    @Test
    void ofAPlacedTaskIsDoneWhenItsNodeSaysSo() {
        pool.submit(task("t", 4));

        assertThat(pool.cancel("t")).containsExactly(new CancelRequested(T));
        assertThat(pool.commands)
                .containsExactly(new StopAttempt(POOL, new NodeId("a"), INCARNATION, attempt("t", 1), pool.nowMs()));
        assertThat(pool.heldOn("a")).isOne();
        assertThat(pool.stopped("a", attempt("t", 1))).containsExactly(new TaskCancelled(T, 0));
        assertThat(pool.heldOn("a")).isZero();
    }

    @Test
    void ofARunningTaskIsDoneWhenItsNodeSaysSo() {
        pool.submit(task("t", 4));
        pool.started("a", attempt("t", 1));
        pool.cancel("t");

        assertThat(pool.stopped("a", attempt("t", 1))).containsExactly(new TaskCancelled(T, 0));
    }

    @Test
    void aSecondTimeChangesNothing() {
        pool.submit(task("t", 4));
        pool.cancel("t");

        assertThat(pool.cancel("t")).isEmpty();
    }

    @Test
    void ofAFinishedTaskChangesNothing() {
        pool.submit(task("t", 4));
        pool.completed("a", attempt("t", 1));

        assertThat(pool.cancel("t")).isEmpty();
        assertThat(pool.stateOf("t")).isEqualTo(TaskState.COMPLETED);
    }

    @Test
    void thatComesTooLateFindsTheTaskCompleted() {
        pool.submit(task("t", 4));
        pool.started("a", attempt("t", 1));
        pool.cancel("t");

        assertThat(pool.completed("a", attempt("t", 1))).containsExactly(new TaskCompleted(T, 1, 0));
        assertThat(pool.stopped("a", attempt("t", 1))).isEmpty();
    }

    @Test
    void isNotUndoneByAFailureOfTheAttempt() {
        pool.submit(task("t", 4));
        pool.cancel("t");

        assertThat(pool.failed("a", attempt("t", 1))).containsExactly(new TaskCancelled(T, 0));
    }

    @Test
    void isDoneWhenTheNodeIsLostButFreesNothingThere() {
        pool.submit(task("t", 4));
        pool.cancel("t");

        assertThat(pool.tick(11_000)).contains(new TaskCancelled(T, 0));
        assertThat(pool.heldOn("a")).isOne();
    }

    @Test
    void isDoneWhenTheNodeRestarts() {
        pool.submit(task("t", 4));
        pool.cancel("t");

        assertThat(pool.register(PoolFixture.inventory("a", 4), INCARNATION + 1))
                .contains(new TaskCancelled(T, 0));
        assertThat(pool.heldOn("a")).isZero();
    }

    @Test
    void isAskedForAgainOfANodeThatDoesNotAnswer() {
        pool.submit(task("t", 4));
        pool.cancel("t");

        assertThat(pool.beats("a", 15))
                .containsExactly(new StrayStopped(new NodeId("a"), INCARNATION, attempt("t", 1)));
        assertThat(pool.stopped("a", attempt("t", 1))).containsExactly(new TaskCancelled(T, 0));
    }
}
